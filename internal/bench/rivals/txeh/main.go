// Txeh adds or removes a list through the library of the txeh program:
//
//	txeh add|remove HOSTS-FILE LIST
package main

import (
	"log"
	"os"

	"rivals/list"

	"github.com/txn2/txeh"
)

func main() {
	address, names, err := list.Read(os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	hosts, err := txeh.NewHosts(&txeh.HostsConfig{ReadFilePath: os.Args[2], WriteFilePath: os.Args[2]})
	if err != nil {
		log.Fatal(err)
	}
	if os.Args[1] == "add" {
		hosts.AddHosts(address, names)
	} else {
		hosts.RemoveHosts(names)
	}
	if err := hosts.Save(); err != nil {
		log.Fatal(err)
	}
}
