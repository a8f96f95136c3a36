// Goodhosts adds or removes a list through the library of the goodhosts program:
//
//	goodhosts add|remove HOSTS-FILE LIST
package main

import (
	"log"
	"os"

	"rivals/list"

	"github.com/goodhosts/hostsfile"
)

func main() {
	address, names, err := list.Read(os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	hosts, err := hostsfile.NewCustomHosts(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	if os.Args[1] == "add" {
		// A line for each name: Add would put all names into one line, which is
		// longer than the library reads.
		for _, name := range names {
			if err := hosts.AddRaw(address + " " + name); err != nil {
				log.Fatal(err)
			}
		}
	} else if err := hosts.Remove(address, names...); err != nil {
		log.Fatal(err)
	}
	if err := hosts.Flush(); err != nil {
		log.Fatal(err)
	}
}
