package main

import (
	"encoding/json"
	"os"

	"github.com/hashicorp/go-plugin"
)

// Test mode, which go-plugin has since 1.3.0; the folder of an older release has this file of its own.

// Serves without a host, and prints where.
func serveInTestMode(config *plugin.ServeConfig) {
	configs := make(chan *plugin.ReattachConfig, 1)
	config.Test = &plugin.ServeTestConfig{ReattachConfigCh: configs}
	go func() {
		if err := json.NewEncoder(os.Stdout).Encode(toReattachJSON(<-configs)); err != nil {
			fail("cannot print the reattach config: %v", err)
		}
	}()
}

func writeTestMode(config *plugin.ReattachConfig, out *reattachJSON) {
	out.ProtocolVersion = config.ProtocolVersion
	out.Test = config.Test
}

func readTestMode(in reattachJSON, config *plugin.ReattachConfig) {
	config.ProtocolVersion = in.ProtocolVersion
	config.Test = in.Test
}
