package assets

// ICO wraps a PNG picture of at most 256 by 256 pixels in the container that the
// tray of Windows takes. The picture must be one of this package.
func ICO(png []byte) []byte {
	const header = 6 + 16
	size := len(png)
	// A PNG holds its width and height from byte 16 on, in four bytes each; here
	// one byte is enough, in which 0 stands for 256.
	width, height := png[19], png[23]
	ico := append(make([]byte, 0, header+size),
		0, 0, 1, 0, 1, 0, // an icon, of one picture
		width, height, 0, 0, // no palette
		1, 0, 32, 0, // planes, bits a pixel
		byte(size), byte(size>>8), byte(size>>16), byte(size>>24),
		header, 0, 0, 0)
	return append(ico, png...)
}
