package config

import "strings"

// nearest returns the one of names that a misspelt word was likely meant to be,
// or "" when it resembles none: at most a third of the letters may be wrong.
func nearest(word string, names []string) string {
	best, fewest := "", 1+max(1, len(word)/3)
	for _, name := range names {
		if n := distance(strings.ToLower(word), name); n < fewest {
			best, fewest = name, n
		}
	}
	return best
}

// distance returns how many letters have to be added, taken out, replaced or
// swapped with their neighbour to turn a into b.
func distance(a, b string) int {
	// The last three rows of the table of distances between heads of a and b.
	above2, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		above2, above, row = above, row, above2
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(above[j]+cost, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], above2[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
