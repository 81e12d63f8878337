import { imageTypeOf } from '../../nodes/Imagen/api/formats';

const JPEG_BEGINNING = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);

/** As many bytes as nock's hex is surely told from text by. */
const FEWEST_BYTES = 16;

/** The bytes of a photo that is told from others by a text: a JPEG begins as one, a RAW photo of a few bytes may be anything. */
export const photoBytes = (fileName: string, text = fileName): Buffer =>
	imageTypeOf(fileName) === 'JPG'
		? Buffer.concat([JPEG_BEGINNING, Buffer.from(text.padEnd(FEWEST_BYTES, '.'))])
		: Buffer.from(text);
