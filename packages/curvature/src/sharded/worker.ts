import { workerData } from 'node:worker_threads';
import { serve } from './serve.js';

// A thread of a crew.
await serve(workerData);
