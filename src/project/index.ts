export { readProject } from "./read.ts";
export { collectShipment } from "./shipment.ts";
