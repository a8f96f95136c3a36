package hosts

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"syscall"

	"fettle/internal/human"
)

// A StatusError is an answer other than the list.
type StatusError struct{ Code int }

func (e *StatusError) Error() string {
	what := map[int]string{
		401: "the list wants a user and a password", 403: "the server does not give the list to us", 404: "there is no such page",
		410: "the list is gone for good", 429: "the server was asked too often", 304: "nothing is new, though nothing was known",
	}[e.Code]
	switch {
	case what != "":
	case e.Code >= 500:
		what = "the server has a problem of its own"
	default:
		what = "which is not a list"
	}
	return fmt.Sprintf("the server answered %d: %s", e.Code, what)
}

// A SizeError says that a list is larger than it may be.
type SizeError struct{ Limit int64 }

func (e *SizeError) Error() string {
	return "the list is larger than " + human.Bytes(e.Limit)
}

// A timeoutError says which limit of time was reached.
type timeoutError struct{ text string }

func (e *timeoutError) Error() string { return e.text }

// A redirectError says why a redirect was not followed.
type redirectError struct{ text string }

func (e *redirectError) Error() string { return e.text }

// fetchError says in a sentence of ours what went wrong. The errors of net/http
// repeat the URL, and those of x509 what stands in the certificate.
func fetchError(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause // the time is over, or the user has interrupted
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	var redirect *redirectError
	var dns *net.DNSError
	switch {
	case errors.As(err, &redirect):
		return redirect
	case errors.As(err, &dns):
		return fmt.Errorf("the name %s cannot be found", quote(dns.Name))
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the answer ends in the middle")
	case errors.Is(err, syscall.ECONNREFUSED):
		return errors.New("the server does not take the connection (connection refused)")
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, syscall.EPIPE):
		return errors.New("the server broke the connection off")
	case errors.Is(err, os.ErrDeadlineExceeded), isTimeout(err):
		return &timeoutError{"the server does not answer"}
	}
	if text := certificateProblem(err); text != "" {
		return errors.New(text)
	}
	if dial, ok := errors.AsType[*net.OpError](err); ok {
		return errors.New("the server cannot be reached: " + printable(dial.Err.Error()))
	}
	return errors.New("the download failed: " + excerpt([]byte(printable(err.Error()))))
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// certificateProblem returns what is wrong with a server's certificate, or "".
func certificateProblem(err error) string {
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var verification *tls.CertificateVerificationError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the server's certificate has expired, or is not valid yet"
	case errors.As(err, &unknown):
		return "the server's certificate comes from nobody whom this machine trusts"
	case errors.As(err, &hostname):
		return "the server's certificate is for another host"
	case errors.As(err, &invalid), errors.As(err, &verification):
		return "the server's certificate is not valid"
	}
	return ""
}
