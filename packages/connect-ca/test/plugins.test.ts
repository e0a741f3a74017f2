import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  type CertificateRequest,
  generateKey,
  parseCertificate,
  parseCertificateRequest,
} from "@drawbar/x509";
import {
  BuiltinProvider,
  type CaProvider,
  createCsr,
  FileStore,
  launchProvider,
  type ProviderLaunch,
  type ProviderProcess,
  type RawConfig,
} from "connect-ca";
import { contractClusterId as clusterId, providerContract } from "connect-ca/testing";

const published = fileURLToPath(new URL("../bundle/bin/connect-ca-provider-builtin.js", import.meta.url));
// The same program, and one for tests, as scripts/lib/test-plugins.mjs builds them.
const builtin = fileURLToPath(new URL("./bundle/connect-ca-provider-builtin", import.meta.url));
const staged = fileURLToPath(new URL("./bundle/staged-plugin", import.meta.url));
const scratch = await mkdtemp(join(tmpdir(), "connect-ca-plugins-"));
after(() => rm(scratch, { recursive: true }));

type Way = Pick<ProviderLaunch, "versions" | "env">;

/** What makes the host and the plugin meet in a version and a protocol. */
const ways: Readonly<Record<string, Way & { version: number; protocol: string }>> = {
  "version 2 over gRPC": { version: 2, protocol: "grpc" },
  "version 1 over gRPC": {
    versions: [1],
    env: { CONNECT_CA_HISTORIC_PROTOCOL: "grpc", STAGE: "grpc" },
    version: 1,
    protocol: "grpc",
  },
  "version 1 over net/rpc": { versions: [1], version: 1, protocol: "netrpc" },
};

const processes: ProviderProcess[] = [];
afterEach(async () => {
  await Promise.all(processes.splice(0).map((process) => process[Symbol.asyncDispose]()));
});

/** A plugin that ends with the test. */
async function launch(program: string, way?: Way, args?: readonly string[]): Promise<ProviderProcess> {
  const launched = await start(program, way, args);
  processes.push(launched);
  return launched;
}

async function start(program: string, way: Way = {}, args: readonly string[] = []): Promise<ProviderProcess> {
  const { versions, env = {} } = way;
  return await launchProvider({
    cmd: [process.execPath, program, ...args],
    env,
    ...(versions === undefined ? {} : { versions }),
  });
}

/** Plugins that are used one test after the other: cleaned up, each is as good as new. */
class PluginPool {
  readonly #way: Way;
  readonly #free: ProviderProcess[] = [];
  readonly #taken: ProviderProcess[] = [];

  constructor(way: Way) {
    this.#way = way;
  }

  async take(): Promise<ProviderProcess> {
    const process = this.#free.pop() ?? (await start(builtin, this.#way));
    this.#taken.push(process);
    return process;
  }

  async giveBack(): Promise<void> {
    const used = this.#taken.splice(0);
    await Promise.all(used.map(({ provider }) => provider.cleanup(true, {})));
    this.#free.push(...used);
  }

  async end(): Promise<void> {
    await Promise.all([...this.#free, ...this.#taken].map((process) => process[Symbol.asyncDispose]()));
  }
}

async function configured(
  launched: Promise<ProviderProcess>,
  isPrimary: boolean,
  config: RawConfig = {},
): Promise<CaProvider> {
  const { provider } = await launched;
  await provider.configure({ clusterId, datacenter: "dc1", isPrimary, config, state: { kept: "text" } });
  return provider;
}

async function leafRequest(): Promise<CertificateRequest> {
  const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
  return await createCsr(privateKey, { uri: `spiffe://${clusterId}.consul/ns/default/dc/dc1/svc/web` });
}

for (const [name, way] of Object.entries(ways)) {
  describe(`a provider plugin, ${name}`, () => {
    const pool = new PluginPool(way);
    after(() => pool.end());
    let onStage: Promise<ProviderProcess> | undefined;
    /** The same for each test: configured anew, it has forgotten the one before. */
    const stage = (): Promise<ProviderProcess> => {
      onStage ??= start(staged, way);
      return onStage;
    };
    after(async () => await (await onStage)?.[Symbol.asyncDispose]());
    for (const { title, run } of providerContract) {
      test(`contract, built-in: ${title}`, async () => {
        await run({ provider: (isPrimary, config) => configured(pool.take(), isPrimary, config) });
        await pool.giveBack();
      });
    }

    test("the version and the protocol are those that both sides have", async () => {
      const { client } = await launch(published, way);
      assert.equal(client.version, way.version);
      assert.equal(client.protocol, way.protocol);
    });

    test("configuration and state arrive as they were sent", async () => {
      const config = { text: "a", yes: true, number: 42, half: 0.5, deep: { list: [1, "b", null] } };
      const provider = await configured(stage(), true, config);
      const state = await provider.state();
      assert.deepEqual(
        JSON.parse(state?.["config"] ?? "", (_, value) => value),
        config,
      );
      assert.equal(state?.["clusterId"], clusterId);
      assert.equal(state?.["isPrimary"], "true");
      assert.equal(state?.["kept"], "text");
      assert.equal(await provider.supportsCrossSigning(), false);
      await provider.configure({
        clusterId,
        datacenter: "",
        isPrimary: false,
        config: { stateless: true },
        state: {},
      });
      assert.equal(await provider.state(), null);
    });

    test("the id of a request goes back to the provider with its certificate", async () => {
      const provider = await configured(stage(), false);
      const { csrPem, opaque } = await provider.generateIntermediateCsr();
      assert.equal(csrPem, "csr\n");
      await provider.setIntermediate("int", "root", opaque);
      assert.deepEqual(
        { ...(await provider.state()) },
        { intermediatePem: "int", rootPem: "root", opaque: "the id" },
      );
    });

    test("errors cross with their codes and words", async () => {
      const csr = await leafRequest();
      for (const [fail, message] of [
        ["ca-rate-limited", "operation rate limited by CA provider"],
        ["ca-not-initialized", "provider not initialized"],
        ["ca-permission-denied", "error issuing cert: permission denied"],
        ["ca-backend-failed", "hello world"],
      ] as const) {
        const provider = await configured(stage(), true, { fail, message });
        await assert.rejects(provider.sign(csr), { name: "ProviderError", code: fail, message });
      }
    });

    test("a request that is not signed by its key is refused, whatever the provider thinks of it", async () => {
      const forged = (await leafRequest()).raw.slice();
      const last = forged.length - 1;
      forged[last] = (forged[last] ?? 0) ^ 1;
      const csr = parseCertificateRequest(forged);
      const provider = await configured(pool.take(), true);
      await provider.generateCaChain();
      const refused = { code: "ca-request-invalid", message: /^CSR is not signed by its key: / };
      await assert.rejects(provider.sign(csr), refused);
      await assert.rejects(provider.signIntermediate(csr), refused);
      await pool.giveBack();
      // The staged provider would wait for ever.
      await assert.rejects((await configured(stage(), true)).sign(csr), refused);
    });

    test("a plugin that dies while it signs is an error that says so", async () => {
      const csr = await leafRequest();
      const provider = await configured(launch(staged, way), true, { exit: true });
      await assert.rejects(provider.sign(csr), {
        code: "ca-unavailable",
        message:
          /^the CA provider's plugin was lost during sign: plugin .*exit code 7[\s\S]*no serial number is used twice$/i,
      });
      await assert.rejects(provider.sign(csr), { code: "ca-unavailable" });
    });

    test("a caller that gives up is answered at once", async () => {
      const provider = await configured(stage(), true);
      const signing = provider.sign(await leafRequest(), { signal: AbortSignal.timeout(50) });
      await assert.rejects(signing, { code: "ca-aborted" });
    });
  });
}

test("version 2 carries the calls that version 1 has no word for", async () => {
  const provider = await configured(launch(staged), true);
  const seen = async (): Promise<unknown> => ({ ...(await provider.state()) });
  assert.equal((await provider.state())?.["datacenter"], "dc1");
  assert.equal(await provider.primaryUsesIntermediate(), true);
  await provider.validateConfigUpdate({ a: 1 }, { b: 2 });
  assert.deepEqual(await seen(), { previous: '{"a":1}', next: '{"b":2}' });
  await provider.cleanup(true, { c: 3 });
  assert.deepEqual(await seen(), { typeChanged: "true", otherConfig: '{"c":3}' });
  await provider.stop();
  assert.deepEqual(await seen(), { stopped: "yes" });
  await assert.rejects(provider.generateCaChain(), {
    code: "ca-backend-failed",
    message: "not on this stage",
  });
  await assert.rejects(provider.validateConfigUpdate({ big: "x".repeat(5_000_000) }, {}), {
    code: "ca-rate-limited",
  });
});

// Killed at a moment of its own each time, over each way in turn: the more rounds, the more moments.
const rounds = process.env["DRAWBAR_LONG"] === "1" ? 150 : 6;

test(`plugins killed while they sign, ${rounds} times over: their successors on the store have the same CA and repeat no serial`, async () => {
  const keyFile = join(scratch, "key");
  await writeFile(keyFile, randomBytes(32));
  const args = ["--state", join(scratch, "state"), "--key-file", keyFile];
  const csr = await leafRequest();
  const serials: bigint[] = [];
  const chains = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const way = Object.values(ways)[round % 3];
    const launched = await start(builtin, way, args);
    const provider = await configured(Promise.resolve(launched), true);
    chains.add(await provider.generateCaChain());
    let answersLeft = randomInt(20);
    const kill = (): unknown => answersLeft-- === 0 && process.kill(launched.client.pid, "SIGKILL");
    kill();
    const signing = Array.from({ length: 20 }, () => provider.sign(csr).finally(kill));
    for (const result of await Promise.allSettled(signing)) {
      if (result.status === "fulfilled") serials.push(parseCertificate(result.value).serialNumber);
      else assert.equal(result.reason.code, "ca-unavailable");
    }
    await launched.client.exited;
    await launched[Symbol.asyncDispose]();
  }
  assert.equal(chains.size, 1);
  assert.equal(new Set(serials).size, serials.length);
  assert.ok(serials.length > 0);
});

test("two providers that sign at once on one store share no serial", async () => {
  const keyFile = join(scratch, "shared-key");
  await writeFile(keyFile, randomBytes(32));
  await using store = await FileStore.open({ folder: join(scratch, "shared"), secret: { keyFile } });
  const csr = await leafRequest();
  const signers = [new BuiltinProvider({ store }), new BuiltinProvider({ store })];
  for (const provider of signers) {
    await provider.configure({ clusterId, datacenter: "dc1", isPrimary: true, config: {}, state: {} });
    await provider.generateCaChain();
  }
  const signing = Array.from({ length: 50 }, () => signers.map((provider) => provider.sign(csr))).flat();
  const serials = (await Promise.all(signing)).map((pem) => parseCertificate(pem).serialNumber);
  assert.equal(new Set(serials).size, 100);
});

test("a store that cannot be opened is told to the host, in the plugin's words", async () => {
  const keyFile = join(scratch, "short-key");
  await writeFile(keyFile, "short");
  for (const [args, words] of [
    [["--key-file", keyFile], /the key file .* has 5 bytes, expected between 32/],
    [[], /needs --key-file or --passphrase-file, and not both/],
  ] as const) {
    await assert.rejects(launch(builtin, {}, ["--state", join(scratch, "other"), ...args]), {
      code: "plugin-exited-early",
      message: words,
    });
  }
});
