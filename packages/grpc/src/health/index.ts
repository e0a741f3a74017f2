export type {
  HealthCheckRequest,
  HealthCheckResponse,
  HealthListRequest,
  HealthListResponse,
  ServingStatus,
} from "./health-messages.ts";
export { HealthRegistry } from "./health-registry.ts";
export { healthService } from "./health-service.ts";
