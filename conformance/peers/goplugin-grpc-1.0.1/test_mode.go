package main

import "github.com/hashicorp/go-plugin"

// In place of the file of the same name: go-plugin 1.0.1 has no test mode.

func serveInTestMode(*plugin.ServeConfig) { fail("go-plugin 1.0.1 has no test mode") }

func writeTestMode(*plugin.ReattachConfig, *reattachJSON) {}

func readTestMode(reattachJSON, *plugin.ReattachConfig) {}
