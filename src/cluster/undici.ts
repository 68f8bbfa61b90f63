import { releaseDispatchers } from './heldDispatchers';
import { Pool } from 'undici';

releaseDispatchers();

// The only import of undici: it must stay between the two.
export { Pool };
export type { Dispatcher } from 'undici';
