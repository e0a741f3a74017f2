module drawbar/peers/vault-1.2.4

go 1.26

require (
	github.com/hashicorp/vault v1.2.4
	github.com/hashicorp/vault/api v1.0.5-0.20191017185408-8c0e790cc8e1
	github.com/hashicorp/vault/sdk v0.1.14-0.20191106224550-32fb439b64e0
)
