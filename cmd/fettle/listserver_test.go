package main

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// serveLists is the program "listserver" of the test scripts: an HTTPS server on
// this machine that serves the files of the folder it is started in, and whose
// certificate is trusted by whoever has SSL_CERT_FILE=ca.pem. A file NAME.mode
// says how NAME is served. It writes its address to "url" when it is ready, and
// each request to "requests".
func serveLists() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server := httptest.NewUnstartedServer(http.HandlerFunc(serveList))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // clients that break off are what is tested
	server.TLS = &tls.Config{}
	server.StartTLS()
	defer server.Close()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile("ca.pem", ca, 0o644); err != nil {
		panic(err)
	}
	// A script waits for this file, so it appears whole.
	if err := os.WriteFile("url.new", []byte(server.URL), 0o644); err != nil {
		panic(err)
	}
	if err := os.Rename("url.new", "url"); err != nil {
		panic(err)
	}
	select {
	case <-ctx.Done():
	case <-time.After(time.Minute): // a script that failed does not stop us
	}
	server.CloseClientConnections()
}

func serveList(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	if log, err := os.OpenFile("requests", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644); err == nil {
		user, password, _ := r.BasicAuth()
		fmt.Fprintf(log, "%s user=%s:%s if-none-match=%s agent=%s\n", r.URL, user, password, r.Header.Get("If-None-Match"), r.UserAgent())
		log.Close()
	}
	mode, _ := os.ReadFile(name + ".mode")
	switch strings.TrimSpace(string(mode)) {
	case "500":
		http.Error(w, "no", http.StatusInternalServerError)
		return
	case "downgrade":
		http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		return
	case "endless":
		for r.Context().Err() == nil {
			if _, err := w.Write([]byte("0.0.0.0 ads.test\n")); err != nil {
				return
			}
		}
		return
	}
	text, err := os.ReadFile(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	// What a server calls its text means nothing.
	w.Header().Set("Content-Type", "text/html")
	w.Header().Set("ETag", fmt.Sprintf(`"%x"`, len(text)))
	if r.Header.Get("If-None-Match") == w.Header().Get("ETag") {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(text) // a client that is gone is its own business
}
