// Package transfer brings profiles from other programs and from other machines,
// and writes them for those.
//
// [Read] recognises what a file or a folder holds. [PlanImport] decides which
// profiles become of it, and [Plan.Execute] makes them. None of it touches the
// hosts file: what was imported is off.
package transfer
