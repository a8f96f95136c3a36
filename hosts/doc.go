// Package hosts switches named profiles of a hosts file on and off.
//
// A hosts file belongs to its user. Fettle owns two things in it, and leaves
// every other byte as it found it:
//
//   - one section, from a line "# >>> fettle >>>" to a line "# <<< fettle <<<",
//     the last thing in the file. Its header says which profiles are in force,
//     with the hash of their text, since when and until when. There is no
//     second record that could disagree with it.
//   - the prefix "#~fettle~ " on each outside line that a profile overrides.
//     The line stays where it is, and loses the prefix when the profile goes.
//
// Every change has three parts. [System.Read] reads the file, a pure function
// such as [PlanApply] decides, and [System.Execute] writes what the [Plan]
// says, if the file is still the one that was read. The plan can be printed,
// compared and sent as JSON in between.
//
// The package refuses to guess: a file that cannot be read is an error and
// never an empty file, a section with a missing or doubled marker stops
// everything ([DamageError]), and localhost and the machine's own name cannot
// be overridden ([ProtectedError]).
package hosts
