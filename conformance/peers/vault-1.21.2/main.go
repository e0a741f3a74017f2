// A Vault 1.21.2 with the engines and login methods that the tests use: the whole server takes four times as
// much to build. Prints its address, root token and unseal key.
//
//	vault-1.21.2 [ADDRESS [FOLDER]]
//
// It is in memory and unsealed; with a FOLDER it keeps its state there, and comes back sealed from an earlier
// run ("-" for token and key then).
package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"

	hclog "github.com/hashicorp/go-hclog"
	jwt "github.com/hashicorp/vault-plugin-auth-jwt"
	kubernetes "github.com/hashicorp/vault-plugin-auth-kubernetes"
	"github.com/hashicorp/vault/builtin/credential/approle"
	"github.com/hashicorp/vault/builtin/credential/userpass"
	"github.com/hashicorp/vault/builtin/logical/pki"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/internalshared/configutil"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical"
	"github.com/hashicorp/vault/sdk/physical/file"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"
)

var engines = map[string]logical.Factory{
	"pki": pki.Factory,
	"kv":  vault.PassthroughBackendFactory,
}

var logins = map[string]logical.Factory{
	"approle":    approle.Factory,
	"jwt":        jwt.Factory,
	"kubernetes": kubernetes.Factory,
	"userpass":   userpass.Factory,
}

// builtin answers for what is compiled in; without it the first mount panics.
type builtin struct{}

func factoriesOf(kind consts.PluginType) map[string]logical.Factory {
	if kind == consts.PluginTypeSecrets {
		return engines
	}
	return logins
}

func (builtin) Contains(name string, kind consts.PluginType) bool {
	_, found := factoriesOf(kind)[name]
	return found
}

func (builtin) Get(name string, kind consts.PluginType) (func() (interface{}, error), bool) {
	factory, found := factoriesOf(kind)[name]
	return func() (interface{}, error) { return factory, nil }, found
}

func (builtin) Keys(consts.PluginType) []string { return nil }

func (builtin) DeprecationStatus(string, consts.PluginType) (consts.DeprecationStatus, bool) {
	return consts.Supported, true
}

func (builtin) IsBuiltinEntPlugin(string, consts.PluginType) bool { return false }

func main() {
	logger := hclog.New(&hclog.LoggerOptions{Level: hclog.Warn, Output: os.Stderr})
	storage, err := openStorage(logger)
	if err != nil {
		log.Fatal(err)
	}
	core, err := vault.NewCore(&vault.CoreConfig{
		Physical:           storage,
		BuiltinRegistry:    builtin{},
		DisableMlock:       true,
		Logger:             logger,
		LogicalBackends:    engines,
		CredentialBackends: logins,
	})
	if err != nil {
		log.Fatal(err)
	}
	token, unsealKey := open(core)
	address := "127.0.0.1:0"
	if len(os.Args) > 1 {
		address = os.Args[1]
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s %s %s\n", listener.Addr(), token, unsealKey)
	handler := vaulthttp.Handler.Handler(&vault.HandlerProperties{
		Core:           core,
		ListenerConfig: &configutil.Listener{Address: listener.Addr().String(), MaxRequestSize: 32 << 20},
	})
	log.Fatal(http.Serve(listener, handler))
}

func openStorage(logger hclog.Logger) (physical.Backend, error) {
	if len(os.Args) > 2 {
		return file.NewFileBackend(map[string]string{"path": os.Args[2]}, logger)
	}
	return inmem.NewInmem(nil, logger)
}

// open initialises and unseals what is new; what is not stays sealed.
func open(core *vault.Core) (token, unsealKey string) {
	initialized, err := core.Initialized(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	if initialized {
		return "-", "-"
	}
	keys, err := core.Initialize(context.Background(), &vault.InitParams{
		BarrierConfig: &vault.SealConfig{SecretShares: 1, SecretThreshold: 1},
	})
	if err != nil {
		log.Fatal(err)
	}
	// Unseal wipes the share it is given.
	unsealKey = hex.EncodeToString(keys.SecretShares[0])
	if _, err := core.Unseal(keys.SecretShares[0]); err != nil {
		log.Fatal(err)
	}
	return keys.RootToken, unsealKey
}
