package hosts

import (
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const goodList = "# a list\n0.0.0.0 ads.test\n0.0.0.0 tracker.test\n"

// testLimits are so short that a test sees them reached.
var testLimits = FetchLimits{Size: 100_000, Connect: time.Second, Headers: 500 * time.Millisecond, Stall: 400 * time.Millisecond, Total: 1500 * time.Millisecond}

// quietServer returns a server that does not log what clients of it do.
func quietServer(t *testing.T, handler http.Handler) *httptest.Server {
	s := httptest.NewUnstartedServer(handler)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

// trusting returns a Fetcher that trusts the certificates of the servers, as a
// system does whose list of authorities has them.
func trusting(servers ...*httptest.Server) *Fetcher {
	f := NewFetcher(testLimits, "fettle/test")
	pool := x509.NewCertPool()
	for _, s := range servers {
		if s.Certificate() != nil {
			pool.AddCert(s.Certificate())
		}
	}
	f.client.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: pool}
	return f
}

// send writes to a client, which may be gone.
func send(w io.Writer, text string) { _, _ = io.WriteString(w, text) }

// hijack takes the connection over, writes raw bytes and closes or resets it.
func hijack(w http.ResponseWriter, raw string, reset bool) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	send(conn, raw)
	inner := conn
	if c, ok := conn.(*tls.Conn); ok {
		inner = c.NetConn()
	}
	if tcp, ok := inner.(*net.TCPConn); ok && reset {
		_ = tcp.SetLinger(0) // close then sends RST
		tcp.Close()
		return
	}
	conn.Close()
}

// misbehaviour is what a server can do, by path.
func misbehaviour(other string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/good", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"1"`)
		send(w, goodList)
	})
	mux.HandleFunc("/slow-headers", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/stalled", func(w http.ResponseWriter, r *http.Request) {
		send(w, goodList)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	mux.HandleFunc("/drip", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			send(w, "#")
			w.(http.Flusher).Flush()
			time.Sleep(20 * time.Millisecond)
		}
	})
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			send(w, goodList)
		}
	})
	mux.HandleFunc("/says-large", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "200000") })
	mux.HandleFunc("/truncated", func(w http.ResponseWriter, _ *http.Request) {
		hijack(w, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"+goodList, false)
	})
	mux.HandleFunc("/truncated-chunk", func(w http.ResponseWriter, _ *http.Request) {
		hijack(w, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\n"+goodList, false)
	})
	mux.HandleFunc("/reset", func(w http.ResponseWriter, _ *http.Request) { hijack(w, "", true) })
	mux.HandleFunc("/hang-up", func(w http.ResponseWriter, _ *http.Request) { hijack(w, "", false) })
	mux.HandleFunc("/nonsense", func(w http.ResponseWriter, _ *http.Request) { hijack(w, "\x1b[31mhello\r\n\r\n", false) })
	mux.HandleFunc("/500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	mux.HandleFunc("/401", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) })
	mux.HandleFunc("/304", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) })
	mux.HandleFunc("/204", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/to-http", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://user:secret@"+r.Host+"/good?key=secret", http.StatusFound)
	})
	mux.HandleFunc("/to-file", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	})
	mux.HandleFunc("/to-good", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/good", http.StatusMovedPermanently)
	})
	mux.HandleFunc("/to-other", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other, http.StatusTemporaryRedirect) })
	mux.HandleFunc("/bomb", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		for range 20 {
			if _, err := z.Write(make([]byte, 100_000)); err != nil {
				return
			}
		}
		z.Close()
	})
	mux.HandleFunc("/gzip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		send(z, goodList)
		z.Close()
	})
	mux.HandleFunc("/torn-gzip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		send(z, goodList)
		z.Flush()
	})
	return mux
}

func TestFetchFromServerThatMisbehaves(t *testing.T) {
	server := quietServer(t, misbehaviour(""))
	server.StartTLS()
	fetcher := trusting(server)
	for _, row := range []struct{ path, want string }{
		{"/good", ""},
		{"/gzip", ""},
		{"/to-good", ""},
		{"/slow-headers", "the server does not answer"},
		{"/stalled", "the server sent nothing for 400ms"},
		{"/drip", "the download took longer than 1.5s"},
		{"/endless", "the list is larger than 100 kB"},
		{"/says-large", "the list is larger than 100 kB"},
		{"/bomb", "the list is larger than 100 kB"},
		{"/truncated", "the answer ends in the middle"},
		{"/truncated-chunk", "the answer ends in the middle"},
		{"/torn-gzip", "the answer ends in the middle"},
		{"/reset", "the server broke the connection off"},
		{"/hang-up", "the server broke the connection off"},
		{"/nonsense", `malformed HTTP`},
		{"/500", "the server answered 500: the server has a problem of its own"},
		{"/401", "the server answered 401: the list wants a user and a password"},
		{"/404", "the server answered 404: there is no such page"},
		{"/304", "the server answered 304: nothing is new, though nothing was known"},
		{"/204", "the server answered 204: which is not a list"},
		{"/loop", "the server redirects more than 5 times"},
		{"/to-http", "the server redirects from https to http://127.0.0.1"},
		{"/to-file", "the server redirects from https to file:///etc/passwd"},
	} {
		t.Run(row.path[1:], func(t *testing.T) {
			t.Parallel()
			started := time.Now()
			// A key and a password that must not be seen again.
			sub := Subscription{Name: "x", URL: strings.Replace(server.URL, "://", "://me:secret@", 1) + row.path + "?key=secret"}
			got, err := fetcher.fetch(t.Context(), sub, FetchState{}, nil)
			if took := time.Since(started); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
			if row.want == "" {
				if err != nil || string(got.text) != goodList {
					t.Errorf("got %q, %v, want the list", got.text, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Fatalf("got %v, want %q", err, row.want)
			}
			if text := err.Error(); strings.Contains(text, "secret") || printable(text) != text {
				t.Errorf("the error gives too much away: %q", text)
			}
		})
	}
}

func TestFetchFromNobody(t *testing.T) {
	server := quietServer(t, misbehaviour(""))
	server.StartTLS()
	plain := quietServer(t, misbehaviour(""))
	plain.Start()
	closed := quietServer(t, nil)
	closed.StartTLS()
	closedURL := closed.URL
	expired := expiredServer(t)
	closed.Close()
	for _, row := range []struct {
		name, url string
		fetcher   *Fetcher
		want      string
	}{
		{"an authority that nobody knows", server.URL, NewFetcher(testLimits, ""), "whom this machine trusts"},
		{"another host", strings.Replace(server.URL, "127.0.0.1", "localhost", 1), trusting(server), "for another host"},
		{"expired", expired.URL, trusting(expired), "has expired"},
		{"http where https is meant", strings.Replace(plain.URL, "http:", "https:", 1), trusting(server), "does not speak https"},
		{"nobody listens", closedURL, trusting(server), "connection refused"},
		{"no such name", "https://nobody.invalid", trusting(server), `cannot be found`},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := row.fetcher.fetch(t.Context(), Subscription{Name: "x", URL: row.url + "/good"}, FetchState{}, nil)
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
}

// expiredServer returns a server whose certificate is out of date.
func expiredServer(t *testing.T) *httptest.Server {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "old"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(-24 * time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	s := quietServer(t, misbehaviour(""))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	s.StartTLS()
	return s
}

// A password is for the host of the URL. It is not sent on, and neither is the
// URL itself, which may be a key.
func TestFetchKeepsPasswordFromOtherHosts(t *testing.T) {
	var seen, seenOther http.Header
	other := quietServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seenOther = r.Header
		send(w, goodList)
	}))
	other.StartTLS()
	redirects := misbehaviour(other.URL)
	server := quietServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header
		redirects.ServeHTTP(w, r)
	}))
	server.StartTLS()
	sub := Subscription{Name: "x", URL: strings.Replace(server.URL, "://", "://me:secret@", 1) + "/to-other?key=secret"}
	if _, err := trusting(server, other).fetch(t.Context(), sub, FetchState{}, nil); err != nil {
		t.Fatal(err)
	}
	if seen.Get("Authorization") == "" || seen.Get("User-Agent") != "fettle/test" {
		t.Errorf("the host itself got %v, want user and password", seen)
	}
	if seenOther.Get("Authorization") != "" || seenOther.Get("Referer") != "" {
		t.Errorf("the other host got %v", seenOther)
	}
}

func TestFetchIsInterrupted(t *testing.T) {
	server := quietServer(t, misbehaviour(""))
	server.StartTLS()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	fetcher := trusting(server)
	fetcher.limits.Stall = time.Minute
	if _, err := fetcher.fetch(ctx, Subscription{Name: "x", URL: server.URL + "/stalled"}, FetchState{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
