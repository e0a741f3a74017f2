/** Elliptic curves for keys and signatures. */
export type Curve = "P-224" | "P-256" | "P-384" | "P-521";
