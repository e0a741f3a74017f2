// Command versions says which versions two Go libraries let a constraint have: hashicorp/go-version, which
// Packer, Vault and Terraform's modules use, and apparentlymart/go-versions, by which Terraform chooses
// providers. It answers each line of JSON on stdin with one on stdout.
//
//	{"Constraint": text, "Versions": [text, …]}  →  {"GoVersion": [bool, …], "Providers": [bool, …]}
//
// A constraint that a library cannot read leaves its list null and its complaint in GoVersionError or
// ProvidersError. A version that cannot be read fits nothing.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	providers "github.com/apparentlymart/go-versions/versions"
	"github.com/hashicorp/go-version"
)

type request struct {
	Constraint string
	Versions   []string
}

type answer struct {
	GoVersion      []bool
	GoVersionError string
	Providers      []bool
	ProvidersError string
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked request
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		var a answer
		goVersion(asked, &a)
		asProvider(asked, &a)
		if err := out.Encode(a); err != nil {
			panic(err)
		}
	}
}

func goVersion(asked request, a *answer) {
	constraint, err := version.NewConstraint(asked.Constraint)
	if err != nil {
		a.GoVersionError = err.Error()
		return
	}
	a.GoVersion = make([]bool, len(asked.Versions))
	for i, text := range asked.Versions {
		v, err := version.NewVersion(text)
		a.GoVersion[i] = err == nil && constraint.Check(v)
	}
}

func asProvider(asked request, a *answer) {
	allowed, err := providers.MeetingConstraintsStringRuby(asked.Constraint)
	if err != nil {
		a.ProvidersError = err.Error()
		return
	}
	a.Providers = make([]bool, len(asked.Versions))
	for i, text := range asked.Versions {
		v, err := providers.ParseVersion(text)
		a.Providers[i] = err == nil && allowed.Has(v)
	}
}
