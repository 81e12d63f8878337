/**
 * What was done in each project, by whom and when: its creation, the photos that were uploaded, the starts that were sent, each with
 * the state before it and whether Imagen took it, and the versions that were made of its photos. It is asked before anything is paid for. Kept by `memory/`.
 */
export * from './photos';
export * from './projects';
export * from './starts';
export * from './versions';
export { knownStart, type StartRecord, type UploadedPhoto } from './records';
