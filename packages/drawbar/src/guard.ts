import { holdStdout } from "./serve/held-stdout.ts";

// For plugins whose libraries print while they are being imported: `import "drawbar/guard"` as the first
// import keeps that off stdout, where hosts wait for the handshake line. The one module of drawbar with an
// effect at import, which is why it must be asked for by name.
const stdout = holdStdout();
process.once("exit", () => stdout.restore());
