import type { VaultClient } from "connect-ca/vault";

/** Makes an AppRole and gives the parameters that log in with it. The method is enabled already. */
export async function appRole(
  client: VaultClient,
  name: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<{ readonly role_id: unknown; readonly secret_id: unknown }> {
  const path = `auth/approle/role/${name}`;
  await client.write(path, { ...settings });
  const roleId = (await client.read(`${path}/role-id`))?.data?.["role_id"];
  const secretId = (await client.write(`${path}/secret-id`, {}))?.data?.["secret_id"];
  return { role_id: roleId, secret_id: secretId };
}
