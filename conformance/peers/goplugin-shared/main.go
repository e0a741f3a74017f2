// A go-plugin host and a go-plugin plugin in one program, built against several releases of go-plugin: over gRPC
// with the files of goplugin-grpc, over net/rpc with those of goplugin-netrpc.
//
//	goplugin plugin [flags]            serves, as a host's child process
//	goplugin host [flags] -- COMMAND…  launches COMMAND as its plugin and does what it is told on stdin,
//	                                   one JSON object a line; answers on stdout (see host.go)
package main

import (
	"flag"
	"fmt"
	"os"
)

// What host and plugin have in common besides the handshake, which is that of go-plugin's own example.
type options struct {
	autoMTLS bool
	mux      bool
	versions string
	test     bool
	reattach string
	cookie   string
	checksum string
	tls      string
}

func main() {
	if len(os.Args) < 2 {
		fail("usage: %s plugin|host [flags] [-- COMMAND…]", os.Args[0])
	}
	var o options
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	flags.BoolVar(&o.autoMTLS, "automtls", false, "host: ask for mutual TLS")
	flags.BoolVar(&o.mux, "mux", false, "host: ask for broker multiplexing (gRPC, go-plugin >= 1.6)")
	flags.StringVar(&o.versions, "versions", "", "comma-separated protocol versions of the plugin set; default: 1, not negotiated")
	flags.BoolVar(&o.test, "test", false, "plugin: serve in test mode and print the reattach config")
	flags.StringVar(&o.reattach, "reattach", "", "host: attach by this config (JSON) instead of launching a command")
	flags.StringVar(&o.cookie, "cookie", "", "host: the magic cookie's value, if another than the plugin's")
	flags.StringVar(&o.checksum, "checksum", "", "host: what the SHA-256 of the command's file must be, in hexadecimal")
	flags.StringVar(&o.tls, "tls", "", "a folder with cert.pem, key.pem and ca.pem: mutual TLS with these")
	if err := flags.Parse(os.Args[2:]); err != nil {
		fail("%v", err)
	}
	registerTypes()
	switch os.Args[1] {
	case "plugin":
		servePlugin(o)
	case "host":
		runHost(o, flags.Args())
	default:
		fail("neither plugin nor host: %s", os.Args[1])
	}
}

func fail(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(2)
}
