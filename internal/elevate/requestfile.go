package elevate

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrRequestFile is the error for a request file that somebody else may have
// written, or that is not the one whose hash was named.
var ErrRequestFile = errors.New("the request file cannot be trusted")

// A requestFile carries a request to a step that has no input of its own.
type requestFile struct{ path string } //nolint:unused // on macOS and Windows

// remove may fail: the system sweeps its temporary folder.
func (f requestFile) remove() { _ = os.Remove(f.path) } //nolint:unused // on macOS and Windows

// writeRequest puts a request in a new file that only its user may read and
// write, and returns its hash, which the step gets as an argument.
func writeRequest(request []byte) (f requestFile, hash string, err error) { //nolint:unused // on macOS and Windows
	file, err := os.CreateTemp("", "fettle-request-*") // mode 0600
	if err != nil {
		return requestFile{}, "", fmt.Errorf("writing the request: %w", err)
	}
	f.path = file.Name()
	_, err = file.Write(request)
	if err = errors.Join(err, file.Close()); err != nil {
		f.remove()
		return requestFile{}, "", fmt.Errorf("writing the request: %w", err)
	}
	sum := sha256.Sum256(request)
	return f, hex.EncodeToString(sum[:]), nil
}

// ReadRequest reads a request file once, as root. It follows no link, wants a
// regular file that nobody but its owner can touch, of at most limit bytes, and
// compares the content with the hash that was given as an argument.
func ReadRequest(path, hash string, limit int64) ([]byte, error) {
	file, err := openOwned(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRequestFile, err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, fmt.Errorf("reading the request: %w", err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%w: it is larger than %d bytes", ErrRequestFile, limit)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != hash {
		return nil, fmt.Errorf("%w: its content is not what was asked for", ErrRequestFile)
	}
	return data, nil
}
