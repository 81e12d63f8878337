/** exiftool and sharp do real work behind these tests, on whatever machine this is. */
jest.setTimeout(60_000);
