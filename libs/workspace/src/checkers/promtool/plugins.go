// Package plugins, as promtool is built here: the ways to discover targets that our configurations name. With all of them, and the
// libraries of every cloud, the build takes many minutes.
package plugins

import (
	_ "github.com/prometheus/prometheus/discovery/dns"        // register dns
	_ "github.com/prometheus/prometheus/discovery/kubernetes" // register kubernetes
)
