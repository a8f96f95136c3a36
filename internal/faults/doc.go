// Package faults makes system calls fail, one at a time, in a real process on a
// real kernel. It answers one question about a program that writes files: is
// there a single call whose failure, or a single moment whose SIGKILL, costs
// the user data?
//
// [Run] executes a command under strace, counts its calls that deal with files,
// and then executes it again for every call and every kind of fault: ENOSPC and
// EIO instead of the call, and SIGKILL just before it; see [Run] for calls that
// only read. Each time the test says whether what it finds is acceptable. Run
// fails the test when there was no call to break, and when a fault did not reach
// its call.
//
// strace counts the calls of each thread apart, so the command must do its work
// on one thread that is always the same. The test binary itself, started again
// as a helper process, is such a command:
//
//	func TestMain(m *testing.M) {
//		if faults.Helping() {
//			// One goroutine, the main one, does the work.
//			faults.Helper(func() error { return atomicfile.Replace(os.Getenv("TARGET"), data) })
//		}
//		os.Exit(m.Run())
//	}
//
//	func TestFaults(t *testing.T) {
//		faults.Run(t, func(t *testing.T) faults.Trial {
//			target := …
//			cmd := exec.Command(os.Args[0])
//			cmd.Env = append(os.Environ(), "TARGET="+target)
//			return faults.Trial{Command: cmd, Check: func(o faults.Outcome) {
//				…
//			}}
//		})
//	}
//
// Importing the package is enough to keep the main goroutine of the helper on
// the main thread. What other goroutines do, and child processes, is neither
// counted nor broken.
package faults
