package main

import (
	"strconv"
	"strings"

	"github.com/hashicorp/go-plugin"
)

// The same plugins under every version that was asked for; nil when none was.
func (o options) versionedPlugins() map[int]plugin.PluginSet {
	if o.versions == "" {
		return nil
	}
	sets := map[int]plugin.PluginSet{}
	for _, text := range strings.Split(o.versions, ",") {
		version, err := strconv.Atoi(text)
		if err != nil {
			fail("bad -versions: %v", err)
		}
		sets[version] = pluginSet()
	}
	return sets
}
