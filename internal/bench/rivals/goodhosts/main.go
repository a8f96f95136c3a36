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
		err = hosts.Add(address, names...)
	} else {
		err = hosts.Remove(address, names...)
	}
	if err != nil {
		log.Fatal(err)
	}
	if err := hosts.Flush(); err != nil {
		log.Fatal(err)
	}
}
