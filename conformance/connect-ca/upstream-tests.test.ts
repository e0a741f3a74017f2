import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { hasTest } from "../support/test-titles.ts";

// The tables of the documents that say which test of ours stands for which of upstream's: that none is missing,
// and that each test is where its row says.

const root = fileURLToPath(new URL("../../../", import.meta.url));
const packageFolder = `${root}packages/connect-ca/`;

/** Upstream's tests, by the document with their table. */
const upstream: Readonly<Record<string, readonly string[]>> = {
  "builtin-provider.md": [
    ...named("TestConsulCAProvider_", "Bootstrap Bootstrap_WithCert SignLeaf CrossSignCA MigrateOldID"),
    "TestConsulProvider_SignIntermediate",
    "TestStructs_CAConfiguration_MsgpackEncodeDecode",
    ...named("TestProvider_", "Configure GenerateRoot ActiveRoot GenerateIntermediateCSR SetIntermediate"),
    ...named(
      "TestProvider_",
      "ActiveIntermediate GenerateIntermediate Sign SignIntermediate CrossSignCA Cleanup",
    ),
  ],
  "vault-provider.md": [
    ...named("TestVaultCAProvider_", "ParseVaultCAConfig configureVaultAuthMethod VaultTLSConfig Configure"),
    ...named(
      "TestVaultCAProvider_",
      "ConfigureFailureGoroutineLeakCheck SecondaryActiveIntermediate RenewToken",
    ),
    ...named("TestVaultCAProvider_", "RenewTokenStopWatcherOnConfigure Bootstrap SignLeaf CrossSignCA"),
    ...named("TestVaultCAProvider_", "GenerateIntermediate GenerateIntermediate_inSecondary"),
    ...named("TestVaultCAProvider_", "AutoTidyExpiredIssuers DeletePreviousIssuerAndKey VaultManaged"),
    ...named("TestVaultCAProvider_", "ConsulManaged EnterpriseNamespace"),
    ...named("TestVaultProvider_", "SignIntermediate SignIntermediateConsul Cleanup ConfigureWithAuthMethod"),
    ...named("TestVaultProvider_", "RotateAuthMethodToken ReconfigureIntermediateTTL"),
    ...named(
      "TestVaultCAProvider_",
      "GCPAuthClient AWSAuthClient AWSCredentialsConfig AWSLoginDataGenerator",
    ),
    ...named("TestVaultCAProvider_", "AzureAuthClient JwtAuthClient K8sAuthClient AppRoleAuthClient"),
    "TestVaultCAProvider_AliCloudAuthClient",
  ],
};

for (const [document, names] of Object.entries(upstream)) {
  describe(`the table of ${document}`, async () => {
    const rows = rowsOf(await readFile(`${packageFolder}docs/${document}`, "utf8"));

    test("has every test of upstream", () => {
      const there = new Set(rows.map(({ name }) => name));
      assert.deepEqual(
        names.filter((name) => !there.has(name)),
        [],
      );
    });

    for (const { name, title, file } of rows) {
      test(`${name} is in ${file}`, async () => {
        const source = await readFile(
          file.startsWith("conformance/") ? root + file : packageFolder + file,
          "utf8",
        );
        const wanted = title === "the same name" ? name : title.replace(/^"|"$/g, "");
        assert.ok(hasTest(source, wanted), `no test of ${file} is called ${wanted}`);
      });
    }
  });
}

function named(prefix: string, names: string): string[] {
  return names.split(" ").map((name) => prefix + name);
}

interface Row {
  readonly name: string;
  readonly title: string;
  readonly file: string;
}

function rowsOf(document: string): Row[] {
  const rows = document.matchAll(/^\| (Test\S+) +\| (.+?) +\| `([^`]+)` +\|$/gm);
  return [...rows].map(([, name = "", title = "", file = ""]) => ({ name, title, file }));
}
