export {
  type ContractBench,
  type ContractCase,
  contractClusterId,
  providerContract,
} from "./provider-contract.ts";
