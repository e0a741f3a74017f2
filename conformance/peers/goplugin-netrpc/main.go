// A go-plugin host and a go-plugin plugin over net/rpc in one program, built against several releases of
// go-plugin, the first one included.
//
//	goplugin plugin           serves the plugins "probe" and "workshop", as a host's child process
//	goplugin host [-automtls] -- COMMAND…
//	                          launches COMMAND as its plugin and does what it is told on stdin, one JSON
//	                          object a line; answers on stdout (see host.go)
package main

import (
	"encoding/gob"
	"flag"
	"fmt"
	"os"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
)

var handshake = plugin.HandshakeConfig{
	ProtocolVersion:  1,
	MagicCookieKey:   "BASIC_PLUGIN",
	MagicCookieValue: "hello",
}

var logger = hclog.New(&hclog.LoggerOptions{Level: hclog.Trace, Output: os.Stderr, JSONFormat: true})

var plugins = map[string]plugin.Plugin{
	"probe":    &probePlugin{},
	"workshop": &workshopPlugin{},
}

func main() {
	gob.Register(Circle{})
	gob.Register(&Square{})
	gob.Register(&CodeError{})
	gob.Register(&plugin.BasicError{})
	if len(os.Args) < 2 || os.Args[1] == "host" && len(os.Args) < 4 {
		fail("usage: %s plugin|host [-- COMMAND…]", os.Args[0])
	}
	switch os.Args[1] {
	case "plugin":
		plugin.Serve(&plugin.ServeConfig{HandshakeConfig: handshake, Plugins: plugins, Logger: logger})
	case "host":
		flags := flag.NewFlagSet("host", flag.ExitOnError)
		autoMTLS := flags.Bool("automtls", false, "ask for mutual TLS")
		if err := flags.Parse(os.Args[2:]); err != nil {
			fail("%v", err)
		}
		runHost(flags.Args(), *autoMTLS)
	default:
		fail("neither plugin nor host: %s", os.Args[1])
	}
}

func fail(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(2)
}
