package hosts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// A FetchLimits bounds what a server can make us do. A field of zero stands for
// its default.
type FetchLimits struct {
	Size    int64         // bytes of the text, unpacked; 10 MB
	Connect time.Duration // for the connection, and for its encryption; 10 s
	Headers time.Duration // from the request to the first line of the answer; 20 s
	Stall   time.Duration // without a byte; 20 s
	Total   time.Duration // for everything; 2 minutes
}

// DefaultFetchLimits are the limits where nobody sets others.
var DefaultFetchLimits = FetchLimits{
	Size: 10_000_000, Connect: 10 * time.Second, Headers: 20 * time.Second, Stall: 20 * time.Second, Total: 2 * time.Minute,
}

// maxRedirects is how many redirects are followed.
const maxRedirects = 5

// A Fetcher asks servers for lists. Use [NewFetcher].
type Fetcher struct {
	limits FetchLimits
	agent  string
	client *http.Client
}

// NewFetcher returns a Fetcher that calls itself agent. Its proxy is that of the
// environment, and it trusts whom the system trusts.
func NewFetcher(limits FetchLimits, agent string) *Fetcher {
	d := DefaultFetchLimits
	d.Size = cmp.Or(limits.Size, d.Size)
	d.Connect = cmp.Or(limits.Connect, d.Connect)
	d.Headers = cmp.Or(limits.Headers, d.Headers)
	d.Stall = cmp.Or(limits.Stall, d.Stall)
	d.Total = cmp.Or(limits.Total, d.Total)
	transport := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: d.Connect}).DialContext,
		TLSHandshakeTimeout:    d.Connect,
		ResponseHeaderTimeout:  d.Headers,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
		DisableKeepAlives:      true, // each server is asked once
	}
	return &Fetcher{limits: d, agent: agent, client: &http.Client{Transport: transport, CheckRedirect: checkRedirect}}
}

// A fetched is the answer of a server.
type fetched struct {
	text         []byte
	notModified  bool // the text is that of the tags that were sent; text is nil
	etag         string
	lastModified string
}

// fetch asks the server of a subscription. With tags in state it asks for news
// only. Progress, if not nil, is called with the number of bytes so far. The error is fit to be shown: it holds neither a
// password nor anything that a server sent, unless escaped.
func (f *Fetcher) fetch(ctx context.Context, s Subscription, state FetchState, progress func(int64)) (fetched, error) {
	if err := s.Check(); err != nil {
		return fetched{}, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, f.limits.Total, &timeoutError{fmt.Sprintf("the download took longer than %v", f.limits.Total)})
	defer cancel()
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	request, err := newRequest(ctx, s, state, f.agent)
	if err != nil {
		return fetched{}, err
	}
	response, err := f.client.Do(request)
	if errors.Is(err, http.ErrSchemeMismatch) {
		return fetched{}, errors.New("the server does not speak https there")
	}
	if err != nil {
		return fetched{}, fetchError(ctx, err)
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode == http.StatusNotModified && (state.ETag != "" || state.LastModified != ""):
		return fetched{notModified: true, etag: state.ETag, lastModified: state.LastModified}, nil
	case response.StatusCode != http.StatusOK:
		return fetched{}, &StatusError{Code: response.StatusCode}
	}
	if response.ContentLength > f.limits.Size {
		return fetched{}, &SizeError{Limit: f.limits.Size}
	}
	text, err := f.read(ctx, giveUp, response.Body, progress)
	if err != nil {
		return fetched{}, err
	}
	return fetched{
		text: text, etag: header(response, "ETag"), lastModified: header(response, "Last-Modified"),
	}, nil
}

// newRequest returns the request. The user and the password of the URL become a
// header, which is not sent on to another host, and appears in no error.
func newRequest(ctx context.Context, s Subscription, state FetchState, agent string) (*http.Request, error) {
	u, err := url.Parse(s.URL)
	if err != nil {
		return nil, errors.New("the URL cannot be read")
	}
	user := u.User
	u.User, u.Fragment = nil, ""
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, errors.New("the URL cannot be read")
	}
	if user != nil {
		password, _ := user.Password()
		request.SetBasicAuth(user.Username(), password)
	}
	request.Header.Set("User-Agent", agent)
	request.Header.Set("Accept", "text/plain, */*;q=0.5")
	if state.ETag != "" {
		request.Header.Set("If-None-Match", state.ETag)
	}
	if state.LastModified != "" {
		request.Header.Set("If-Modified-Since", state.LastModified)
	}
	return request, nil
}

// checkRedirect judges a redirect before it is followed. A step from https to
// http is refused even where http is allowed: the user asked for the former.
func checkRedirect(request *http.Request, via []*http.Request) error {
	last := via[len(via)-1]
	switch {
	case len(via) > maxRedirects:
		return &redirectError{fmt.Sprintf("the server redirects more than %d times", maxRedirects)}
	case last.URL.Scheme == "https" && request.URL.Scheme != "https":
		return &redirectError{"the server redirects from https to " + showURL(request.URL)}
	case request.URL.Scheme != "https" && request.URL.Scheme != "http":
		return &redirectError{"the server redirects to " + showURL(request.URL)}
	}
	// The path and the query of a URL may be a secret, too.
	request.Header.Del("Referer")
	if request.URL.Host != via[0].URL.Host || request.URL.Scheme != via[0].URL.Scheme {
		request.Header.Del("Authorization")
		request.Header.Del("Cookie")
	}
	return nil
}

// maxHeader is how much of a tag is kept, to be sent back.
const maxHeader = 1024

// header returns a header that is sent back later, or "" for one that is none.
func header(response *http.Response, name string) string {
	value := response.Header.Get(name)
	if len(value) > maxHeader || printable(value) != value {
		return ""
	}
	return value
}

// read reads a body up to the limit of its size. With giveUp it ends a download
// that stalls.
func (f *Fetcher) read(ctx context.Context, giveUp context.CancelCauseFunc, body io.Reader, progress func(int64)) ([]byte, error) {
	stalled := &timeoutError{fmt.Sprintf("the server sent nothing for %v", f.limits.Stall)}
	timer := time.AfterFunc(f.limits.Stall, func() { giveUp(stalled) })
	defer timer.Stop()
	var text []byte
	buffer := make([]byte, 64<<10)
	for {
		n, err := body.Read(buffer)
		text = append(text, buffer[:n]...)
		if int64(len(text)) > f.limits.Size {
			return nil, &SizeError{Limit: f.limits.Size}
		}
		if n > 0 {
			timer.Reset(f.limits.Stall)
			if progress != nil {
				progress(int64(len(text)))
			}
		}
		switch {
		// The end of a body that was given up is not the end of the text.
		case errors.Is(err, io.EOF) && ctx.Err() == nil:
			return text, nil
		case err != nil:
			return nil, fetchError(ctx, err)
		}
	}
}
