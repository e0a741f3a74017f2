// A Vault 1.1.0 in memory, unsealed, as the last release before sign-intermediate stopped taking
// subject alternative names from the CSR on its own. Prints its address, root token and unseal key.
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
	"github.com/hashicorp/vault/builtin/credential/approle"
	"github.com/hashicorp/vault/builtin/credential/userpass"
	"github.com/hashicorp/vault/builtin/logical/pki"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/logical"
	"github.com/hashicorp/vault/physical/inmem"
	"github.com/hashicorp/vault/vault"
)

func main() {
	logger := hclog.New(&hclog.LoggerOptions{Level: hclog.Warn, Output: os.Stderr})
	storage, err := inmem.NewInmem(nil, logger)
	if err != nil {
		log.Fatal(err)
	}
	core, err := vault.NewCore(&vault.CoreConfig{
		Physical:     storage,
		DisableMlock: true,
		Logger:       logger,
		LogicalBackends: map[string]logical.Factory{
			"pki": pki.Factory,
			"kv":  vault.PassthroughBackendFactory,
		},
		CredentialBackends: map[string]logical.Factory{
			"approle":  approle.Factory,
			"userpass": userpass.Factory,
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	keys, err := core.Initialize(context.Background(), &vault.InitParams{
		BarrierConfig: &vault.SealConfig{SecretShares: 1, SecretThreshold: 1},
	})
	if err != nil {
		log.Fatal(err)
	}
	// Unseal wipes the share it is given.
	unsealKey := hex.EncodeToString(keys.SecretShares[0])
	if _, err := core.Unseal(keys.SecretShares[0]); err != nil {
		log.Fatal(err)
	}
	address := "127.0.0.1:0"
	if len(os.Args) > 1 {
		address = os.Args[1]
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s %s %s\n", listener.Addr(), keys.RootToken, unsealKey)
	log.Fatal(http.Serve(listener, vaulthttp.Handler(&vault.HandlerProperties{Core: core, MaxRequestSize: 32 << 20})))
}
