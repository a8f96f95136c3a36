package nearest

import "testing"

func TestOf(t *testing.T) {
	candidates := []string{"staging", "ads", "production", "History"}
	for _, test := range []struct{ word, want string }{
		{"stagign", "staging"}, // two letters swapped
		{"staging", "staging"},
		{"Ads", "ads"},
		{"add", "ads"},
		{"x", ""},
		{"histroy", "History"},
		{"develop", ""},
		{"", ""},
	} {
		if got := Of(test.word, candidates); got != test.want {
			t.Errorf("Of(%q): got %q, want %q", test.word, got, test.want)
		}
	}
}
