namespace MediaAspire.Core.ContentTypes;

/// <summary>The types that are known by fixed bytes at fixed places.</summary>
internal static class Signatures
{
    public static readonly DetectedType Png = new("image/png", ContentSort.Image, "image/apng");
    public static readonly DetectedType Jpeg = new("image/jpeg", ContentSort.Image, "image/jpg", "image/pjpeg");
    public static readonly DetectedType Gif = new("image/gif", ContentSort.Image);
    public static readonly DetectedType Webp = new("image/webp", ContentSort.Image);
    public static readonly DetectedType Bmp = new("image/bmp", ContentSort.Image, "image/x-ms-bmp", "image/x-bmp");
    public static readonly DetectedType Tiff = new("image/tiff", ContentSort.Image, "image/x-*");
    public static readonly DetectedType Icon = new("image/vnd.microsoft.icon", ContentSort.Image, "image/x-icon");
    public static readonly DetectedType Psd = new(
        "image/vnd.adobe.photoshop", ContentSort.Image, "image/x-photoshop", "application/x-photoshop");
    public static readonly DetectedType Jxl = new("image/jxl", ContentSort.Image);
    public static readonly DetectedType Jp2 = new("image/jp2", ContentSort.Image, "image/jpx", "image/jpm");
    public static readonly DetectedType Exr = new("image/x-exr", ContentSort.Image, "image/aces");
    public static readonly DetectedType Hdr = new("image/vnd.radiance", ContentSort.Image, "image/x-hdr");
    public static readonly DetectedType Ktx = new("image/ktx", ContentSort.Image);
    public static readonly DetectedType Ktx2 = new("image/ktx2", ContentSort.Image);
    public static readonly DetectedType Dds = new("image/vnd-ms.dds", ContentSort.Image, "image/x-dds", "image/vnd.ms-dds");
    public static readonly DetectedType Avi = new("video/x-msvideo", ContentSort.Video, "video/avi", "video/msvideo");
    public static readonly DetectedType Flv = new("video/x-flv", ContentSort.Video);
    public static readonly DetectedType Asf = new("video/x-ms-wmv", ContentSort.Video, "video/x-ms-asf", "audio/x-ms-wma");
    public static readonly DetectedType MpegProgram = new("video/mpeg", ContentSort.Video, "video/mp2p");
    public static readonly DetectedType Wav = new("audio/wav", ContentSort.Audio, "audio/x-wav", "audio/wave", "audio/vnd.wave");
    public static readonly DetectedType Mp3 = new("audio/mpeg", ContentSort.Audio, "audio/mp3", "audio/aac", "audio/x-*");
    public static readonly DetectedType Flac = new("audio/flac", ContentSort.Audio, "audio/x-flac");
    public static readonly DetectedType Ogg = new("application/ogg", ContentSort.Video, "audio/*", "video/ogg");
    public static readonly DetectedType Midi = new("audio/midi", ContentSort.Audio, "audio/x-midi");
    public static readonly DetectedType Glb = new("model/gltf-binary", ContentSort.Model);
    public static readonly DetectedType Pdf = new("application/pdf", ContentSort.Pdf, "application/x-pdf");
    public static readonly DetectedType Zip = new(
        "application/zip", ContentSort.Zip, "application/x-zip*", "application/vnd.*", "application/epub+zip", "application/java-archive",
        "model/*");
    public static readonly DetectedType Gzip = new(
        "application/gzip", ContentSort.Other, "application/x-*", "image/svg+xml", "text/*", "model/*");
    public static readonly DetectedType SevenZip = new("application/x-7z-compressed", ContentSort.Other);
    public static readonly DetectedType Rar = new("application/vnd.rar", ContentSort.Other, "application/x-rar*");
    public static readonly DetectedType Bzip2 = new("application/x-bzip2", ContentSort.Other, "application/x-*");
    public static readonly DetectedType Xz = new("application/x-xz", ContentSort.Other, "application/x-*");
    public static readonly DetectedType Zstd = new("application/zstd", ContentSort.Other, "application/x-*");
    public static readonly DetectedType Tar = new("application/x-tar", ContentSort.Other, "application/x-gtar");
    public static readonly DetectedType Ole = new(
        "application/x-ole-storage", ContentSort.Other, "application/ms*", "application/vnd.ms-*");
    public static readonly DetectedType Woff = new("font/woff", ContentSort.Other, "application/font-woff");
    public static readonly DetectedType Woff2 = new("font/woff2", ContentSort.Other, "application/font-woff2");
    public static readonly DetectedType Wasm = new("application/wasm", ContentSort.Program);
    public static readonly DetectedType Elf = new("application/x-executable", ContentSort.Program, "application/x-*");
    public static readonly DetectedType MachO = new(
        "application/x-mach-binary", ContentSort.Program, "application/java-vm", "application/x-*");
    public static readonly DetectedType WindowsProgram = new(
        "application/vnd.microsoft.portable-executable", ContentSort.Program, "application/x-*");
    public static readonly DetectedType Script = new("text/x-shellscript", ContentSort.Program, "text/*", "application/x-*");

    /// <summary>The types and their bytes; a type with two places needs both. The first one that is found counts.</summary>
    public static readonly (DetectedType Type, int Offset, byte[] Bytes, int Offset2, byte[] Bytes2)[] Fixed =
    [
        At(Png, 0, "\x89PNG\r\n\x1a\n"),
        At(Jpeg, 0, "\xff\xd8\xff"),
        At(Gif, 0, "GIF87a"),
        At(Gif, 0, "GIF89a"),
        At(Webp, 0, "RIFF", 8, "WEBP"),
        At(Avi, 0, "RIFF", 8, "AVI "),
        At(Wav, 0, "RIFF", 8, "WAVE"),
        At(Tiff, 0, "II*\0"),
        At(Tiff, 0, "MM\0*"),
        At(Psd, 0, "8BPS"),
        At(Jxl, 0, "\xff\x0a"),
        At(Jxl, 0, "\0\0\0\x0cJXL \r\n\x87\n"),
        At(Jp2, 0, "\0\0\0\x0cjP  \r\n\x87\n"),
        At(Exr, 0, "\x76\x2f\x31\x01"),
        At(Hdr, 0, "#?RADIANCE"),
        At(Ktx, 0, "\xabKTX 11\xbb"),
        At(Ktx2, 0, "\xabKTX 20\xbb"),
        At(Dds, 0, "DDS "),
        At(Icon, 0, "\0\0\x01\0"),
        At(Flv, 0, "FLV\x01"),
        At(Asf, 0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
        At(MpegProgram, 0, "\0\0\x01\xba"),
        At(MpegProgram, 0, "\0\0\x01\xb3"),
        At(Mp3, 0, "ID3"),
        At(Flac, 0, "fLaC"),
        At(Ogg, 0, "OggS"),
        At(Midi, 0, "MThd"),
        At(Glb, 0, "glTF"),
        At(Zip, 0, "PK\x03\x04"),
        At(Zip, 0, "PK\x05\x06"),
        At(Gzip, 0, "\x1f\x8b"),
        At(SevenZip, 0, "7z\xbc\xaf\x27\x1c"),
        At(Rar, 0, "Rar!\x1a\x07"),
        At(Bzip2, 0, "BZh", 4, "1AY&SY"),
        At(Xz, 0, "\xfd" + "7zXZ\0"),
        At(Zstd, 0, "\x28\xb5\x2f\xfd"),
        At(Ole, 0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        At(Woff, 0, "wOFF"),
        At(Woff2, 0, "wOF2"),
        At(Wasm, 0, "\0asm"),
        At(Elf, 0, "\x7f" + "ELF"),
        At(MachO, 0, "\xcf\xfa\xed\xfe"),
        At(MachO, 0, "\xce\xfa\xed\xfe"),
        At(MachO, 0, "\xca\xfe\xba\xbe"),
        At(WindowsProgram, 0, "MZ"),
        At(Script, 0, "#!"),
        At(Bmp, 0, "BM", 6, "\0\0\0\0"),
        At(Tar, 257, "ustar"),
    ];

    // Each character is one byte.
    private static (DetectedType Type, int Offset, byte[] Bytes, int Offset2, byte[] Bytes2) At(
        DetectedType type, int offset, string bytes, int offset2 = 0, string bytes2 = "") =>
        (type, offset, System.Text.Encoding.Latin1.GetBytes(bytes), offset2, System.Text.Encoding.Latin1.GetBytes(bytes2));
}
