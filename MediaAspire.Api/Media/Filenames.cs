using System.Collections.Frozen;
using MediaAspire.Core.Media;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Media;

/// <summary>Names the files under which parts are saved.</summary>
internal static class Filenames
{
    private const string UnknownExtension = "bin";

    // The extension that people expect; the system's tables name several for some types.
    private static readonly FrozenDictionary<string, string> s_extensions = new Dictionary<string, string>
    {
        ["application/json"] = "json",
        ["application/msword"] = "doc",
        ["application/ogg"] = "ogx",
        ["application/pdf"] = "pdf",
        ["application/rtf"] = "rtf",
        ["application/vnd.apple.pkpass"] = "pkpass",
        ["application/vnd.ms-excel"] = "xls",
        ["application/vnd.ms-powerpoint"] = "ppt",
        ["application/vnd.openxmlformats-officedocument.presentationml.presentation"] = "pptx",
        ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"] = "xlsx",
        ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"] = "docx",
        ["application/xml"] = "xml",
        ["application/zip"] = "zip",

        // Browsers that save by the content type would unpack the bytes and keep the name of an archive.
        ["application/gzip"] = "txt",
        ["application/x-gzip"] = "txt",
        ["audio/aac"] = "aac",
        ["audio/flac"] = "flac",
        ["audio/mp4"] = "m4a",
        ["audio/mpeg"] = "mp3",
        ["audio/ogg"] = "ogg",
        ["audio/opus"] = "opus",
        ["audio/wav"] = "wav",
        ["audio/webm"] = "weba",
        ["audio/x-wav"] = "wav",
        ["image/apng"] = "apng",
        ["image/avif"] = "avif",
        ["image/bmp"] = "bmp",
        ["image/gif"] = "gif",
        ["image/heic"] = "heic",
        ["image/heif"] = "heif",
        ["image/jpeg"] = "jpg",
        ["image/jxl"] = "jxl",
        ["image/png"] = "png",
        ["image/svg+xml"] = "svg",
        ["image/tiff"] = "tiff",
        ["image/vnd.adobe.photoshop"] = "psd",
        ["image/webp"] = "webp",
        ["image/x-icon"] = "ico",
        ["model/gltf+json"] = "gltf",
        ["model/gltf-binary"] = "glb",
        ["model/obj"] = "obj",
        ["model/stl"] = "stl",
        ["model/vnd.usdz+zip"] = "usdz",
        ["text/css"] = "css",
        ["text/csv"] = "csv",
        ["text/html"] = "html",
        ["text/markdown"] = "md",
        ["text/plain"] = "txt",
        ["text/xml"] = "xml",
        ["video/mp4"] = "mp4",
        ["video/mpeg"] = "mpeg",
        ["video/ogg"] = "ogv",
        ["video/quicktime"] = "mov",
        ["video/webm"] = "webm",
        ["video/x-matroska"] = "mkv",
        ["video/x-msvideo"] = "avi",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names every part: the item's name, a number from 1 for each extension, and the extension.</summary>
    public static IReadOnlyList<string> Of(MediaItem item)
    {
        var counters = new Dictionary<string, int>(StringComparer.Ordinal);
        return
        [
            .. item.Parts.Select(part =>
            {
                var extension = ExtensionOf(part.ContentType);
                var number = counters[extension] = counters.GetValueOrDefault(extension) + 1;
                return Clean($"{item.Name}_{number}.{extension}");
            }),
        ];
    }

    /// <summary>Names the only part of an item: the item's name, with the extension unless the name has it.</summary>
    public static string OfOnlyPart(MediaItem item)
    {
        var extension = "." + ExtensionOf(item.Parts[0].ContentType);
        return Clean(item.Name.EndsWith(extension, StringComparison.OrdinalIgnoreCase) ? item.Name : item.Name + extension);
    }

    /// <summary>Makes the <c>Content-Disposition</c> of a download, by RFC 6266: every name, and one in ASCII for old clients.</summary>
    public static string ToDisposition(string filename)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(filename);
        return disposition.ToString();
    }

    // A name may contain a path, and clients save under the last part of it.
    public static string Clean(string filename) => filename.Replace('/', '_').Replace('\\', '_');

    private static string ExtensionOf(string contentType)
    {
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        var type = (end < 0 ? contentType : contentType[..end]).Trim();
        return s_extensions.GetValueOrDefault(type, UnknownExtension);
    }
}
