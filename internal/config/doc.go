// Package config knows where Fettle keeps the files of its user, and reads the
// one that holds lasting settings, config.toml.
//
// Every setting has a default, and a file that is missing is one that sets
// nothing. A mistake in the file stops what it concerns and nothing else: the
// settings of each section are checked when a command asks for that section.
package config
