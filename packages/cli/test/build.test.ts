import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { run } from "@drawbar/cli";
import type { Codec, ServiceDefinition } from "@drawbar/grpc";
import { grpcPlugin, PluginClient } from "drawbar";
import { failSource, greeterSource, programSource, schemasSource } from "./built-programs.ts";
import { RecordingContext } from "./recording-context.ts";

let folder = "";

before(() => {
  folder = mkdtempSync(join(tmpdir(), "drawbar-build-test-"));
  symlinkSync(fileURLToPath(new URL("../../../node_modules", import.meta.url)), join(folder, "node_modules"));
});

after(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function drawbar(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const context = new RecordingContext({ cwd: folder, env: process.env });
  const code = await run(args, context);
  return { code, out: context.stdout, err: context.stderr };
}

interface Built {
  readonly file: string;
  readonly bytes: number;
  readonly compiledFor?: string;
}

async function build(...args: string[]): Promise<Built> {
  const { code, out, err } = await drawbar("build", "--json", ...args);
  assert.equal(code, 0, err);
  return JSON.parse(out)[0];
}

function start(args: readonly string[], cwd = folder): { stdout: string; stderr: string } {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const [command = "", ...rest] = args;
  return spawnSync(command, rest, { cwd, env, encoding: "utf8", maxBuffer: 2 ** 26 });
}

describe("a built program", () => {
  let built: Built;

  before(async () => {
    write("fail.ts", failSource);
    write("late.ts", 'export const word: string = "later";\n');
    write("old.cjs", "exports.__esModule = true;\nexports.default = 1;\nexports.named = 2;\n");
    write("program.ts", programSource);
    built = await build("program.ts", "--out", "out/program");
  });

  const expected = {
    same: true,
    base: "b",
    joined: "a/b",
    escaped: true,
    more: true,
    exists: true,
    word: "later",
    named: 2,
    whole: true,
  };

  test("is one executable file that runs where it was copied to, in a package of either kind of modules", () => {
    assert.equal(statSync(built.file).mode & 0o777, 0o755);
    for (const type of ["module", "commonjs"]) {
      const elsewhere = join(folder, type);
      mkdirSync(elsewhere);
      writeFileSync(join(elsewhere, "package.json"), JSON.stringify({ type }));
      const copy = join(elsewhere, "copied");
      copyFileSync(built.file, copy);
      const { stdout, stderr } = start([copy], "/");
      assert.deepEqual(JSON.parse(stdout), { ...expected, url: `file://${copy}` }, stderr);
      // Compiled code keeps the name that it was built with.
      assert.match(stderr, /at \S+ \(program:3:\d+\)\n/);
      // What node shows of a program that ends by an error is not all of it.
      assert.ok(stderr.length < 2_000, stderr);
    }
  });

  test("leads from a stack trace to the sources by its map", () => {
    const { stderr } = start([process.execPath, "--enable-source-maps", built.file]);
    assert.match(stderr, /Error: on purpose/);
    assert.match(stderr, /fail\.ts:6:9/);
    assert.match(stderr, /program\.ts:\d+:\d+/);
  });

  test("uses its compiled code, and runs without where that is damaged or another node's", () => {
    const hook = write(
      "hook.cjs",
      'const vm = require("node:vm"), { Script } = vm;\n' +
        "vm.Script = class extends Script {\n  constructor(...args) {\n    super(...args);\n" +
        '    process.stderr.write("rejected: " + this.cachedDataRejected + "\\n");\n  }\n};\n',
    );
    const text = readFileSync(built.file, "latin1");
    const mark = `//${process.version}${process.arch} `;
    const code = text.indexOf(mark) + mark.length;
    for (const [name, contents, rejected] of [
      ["as-built", text, "false"],
      ["damaged", `${text.slice(0, code + 400)}${"A".repeat(400)}${text.slice(code + 800)}`, "undefined"],
      ["cut", `${text.slice(0, code + 100)}${text.slice(text.indexOf("\n", code))}`, "undefined"],
      ["converted", text.replaceAll("\n", "\r\n").replace("\r", ""), "true"],
      ["other-node", text.replace(mark, `//v99.0.0${process.arch} `), "undefined"],
    ] as const) {
      const file = write(name, contents);
      const { stdout, stderr } = start([process.execPath, "--require", hook, file]);
      assert.match(stderr, new RegExp(`^rejected: ${rejected}\n`), name);
      assert.deepEqual(JSON.parse(stdout), { ...expected, url: `file://${file}` }, name);
    }
  });

  test("is smaller without compiled code, and does the same", async () => {
    for (const flag of ["--no-code-cache", "--no-minify"]) {
      const plain = await build("program.ts", flag, "--out", `out/plain${flag}`);
      assert.ok(plain.bytes < built.bytes && plain.compiledFor === undefined);
      assert.deepEqual(JSON.parse(start([plain.file]).stdout), { ...expected, url: `file://${plain.file}` });
    }
  });
});

test("a program with other letters than ASCII in a regular expression is built without compiled code", async () => {
  write("letters.ts", 'process.stdout.write(String(/^[äöü]+$/.test("äü")));\n');
  const built = await build("letters.ts", "--out", "out/letters");
  assert.equal(built.compiledFor, undefined);
  assert.equal(start([built.file]).stdout, "true");
});

test("schemas of a built program are those that the library reads, property by property", async () => {
  const source = write("schemas.mjs", schemasSource);
  const { file } = await build(source, "--no-code-cache", "--out", "out/schemas");
  const [plain, light] = [start([process.execPath, source]), start([file])];
  assert.ok(plain.stdout.length > 2_000_000, plain.stderr);
  assert.ok(light.stdout === plain.stdout, light.stderr);
});

// Messages whose only field is a short text.
const textCodec: Codec<string> = {
  encode: (text) => Buffer.concat([Buffer.from([0x0a, text.length]), Buffer.from(text)]),
  decode: (bytes) => Buffer.from(bytes).toString("latin1", 2),
};

const greeter = {
  name: "greeter.v1.Greeter",
  methods: {
    greet: { path: "/greeter.v1.Greeter/Greet", kind: "unary", request: textCodec, response: textCodec },
  },
} as const satisfies ServiceDefinition;

describe("a built plugin", () => {
  const host = { magicCookieKey: "GREETER", magicCookieValue: "yes" };
  const calls = () => existsSync(join(folder, "calls"));

  async function greet(file: string, autoMtls: boolean): Promise<string> {
    await using client = await PluginClient.launch({
      handshake: { ...host, protocolVersion: 3 },
      plugins: { greeter: grpcPlugin(greeter) },
      cmd: [file],
      cwd: folder,
      autoMtls,
    });
    return (await client.dispense("greeter")).greet("Ada");
  }

  before(() => {
    write("greeter.ts", greeterSource);
    const generated = new URL("../templates/grpc/src/gen/greeter_pb.ts", import.meta.url);
    copyFileSync(fileURLToPath(generated), join(folder, "greeter_pb.ts"));
  });

  test("does not set up protobuf's own schemas to have those of its services", async () => {
    const { file } = await build("greeter.ts", "--no-minify", "--out", "out/readable");
    const text = readFileSync(file, "utf8");
    // Read when it was built; how others are read is there too.
    assert.match(text, /fileDesc\d*\(['"]\{\\?"\$\\?":0,/);
    assert.ok(text.includes("readMessage(new BinaryReader(base64Decode"));
    assert.equal(await greet(file, false), "Hello, Ada!");
  });

  test("that was trained keeps only what a start needs; none of its methods was called for that", async () => {
    rmSync(join(folder, "calls"), { force: true });
    const [whole, trained] = [
      await build("greeter.ts", "--out", "trained/whole"),
      await build("greeter.ts", "--train", "--out", "trained/greeter"),
    ];
    assert.ok(trained.bytes < 0.7 * whole.bytes, `${trained.bytes} of ${whole.bytes} bytes`);
    assert.equal(calls(), false);
    assert.deepEqual(readdirSync(join(folder, "trained")), ["greeter", "greeter.map", "whole", "whole.map"]);
    for (const autoMtls of [false, true]) assert.equal(await greet(trained.file, autoMtls), "Hello, Ada!");
    assert.equal(calls(), true);
  });
});

describe("build fails with a sentence, and leaves what was there, for", () => {
  async function failing(...args: string[]): Promise<string> {
    const { code, out, err } = await drawbar("build", ...args);
    assert.deepEqual([code, out], [1, ""]);
    return err;
  }

  test("an entry that is not there", async () => {
    assert.match(await failing("nobody.ts"), /there is no file .*nobody\.ts; name the plugin's main module/);
  });

  test("an entry that does not compile, with the place", async () => {
    write("broken.ts", "export const fine = 1;\nconst = ;\n");
    const old = write("kept", "old");
    assert.match(
      await failing("broken.ts", "--out", "kept"),
      /broken\.ts cannot be built:\n {2}.*broken\.ts:2:6: Expected/,
    );
    assert.equal(readFileSync(old, "utf8"), "old");
  });

  test("an output that cannot be written", async () => {
    write("fine.ts", "export {};\n");
    write("occupied", "");
    assert.match(
      await failing("fine.ts", "--out", "occupied/fine"),
      /occupied\/fine cannot be written: .*occupied/,
    );
    mkdirSync(join(folder, "taken"));
    assert.match(await failing("fine.ts", "--out", "taken"), /taken cannot be written: .*taken/);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith("taken")),
      ["taken"],
    );
  });

  test("a program that does not serve when it is trained", async () => {
    write("exits.ts", 'console.error("needs a database");\nprocess.exit(3);\n');
    mkdirSync(join(folder, "untrained"));
    const old = write("untrained/exits", "old");
    const told = await failing("exits.ts", "--train", "--out", "untrained/exits");
    assert.match(told, /exits did not serve when it was started for training/);
    assert.match(told, /needs a database/);
    assert.match(told, /build without --train/);
    assert.equal(readFileSync(old, "utf8"), "old");
    assert.deepEqual(readdirSync(join(folder, "untrained")), [basename(old)]);
  });

  test("training without compiled code to keep, which is a wrong command line", async () => {
    for (const flag of ["--no-minify", "--no-code-cache"]) {
      const { code, err } = await drawbar("build", "fine.ts", "--train", flag);
      assert.equal(code, 2);
      assert.match(err, /--train is for compiled code/);
    }
  });
});
