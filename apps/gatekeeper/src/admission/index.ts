export { Admission } from './admission.js';
export { AdmissionModule } from './admission.module.js';
export { admitRequests } from './admit-requests.js';
export { EventLoopProbe } from './event-loop-probe.js';
export { WaitingRoom } from './waiting-room.js';
