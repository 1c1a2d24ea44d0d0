using System.Text;
using MediaAspire.Api.Http;
using MediaAspire.Api.S3.Protocol;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.S3.Forms;

/// <summary>A form read up to its file: its fields are read, the bytes of the file are not.</summary>
/// <param name="Fields">The fields before the file; later fields are never read.</param>
/// <param name="Filename">The client's name of the file, without folders; may be empty.</param>
/// <param name="Content">The file's bytes, to be read once.</param>
/// <param name="EstimatedLength">The estimated number of bytes.</param>
internal sealed record PostForm(PostFields Fields, string Filename, Stream Content, long? EstimatedLength)
{
    private const int BufferBytes = 128 * 1024;
    private const string FilePart = "file";

    /// <summary>Gets the requested key, with the name of the file inserted.</summary>
    /// <exception cref="S3Exception">The key is missing or empty.</exception>
    public string GetKey() => Fields.Require("key").Replace("${filename}", Filename, StringComparison.Ordinal) is { Length: > 0 } key
        ? key
        : throw FormErrors.EmptyKey().ToException();

    /// <summary>Reads a form up to its file.</summary>
    /// <exception cref="S3Exception">The request is not a form, has no file, or has too many fields before it.</exception>
    /// <exception cref="IOException">The form is truncated.</exception>
    /// <exception cref="InvalidDataException">The form is malformed.</exception>
    public static async Task<PostForm> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var mediaType)
            || !mediaType.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            throw FormErrors.NotAForm().ToException();
        }

        if (HeaderUtilities.RemoveQuotes(mediaType.Boundary) is not { Length: >= 1 and <= 70 } boundary)
        {
            throw FormErrors.Malformed().ToException();
        }

        var reader = new MultipartReader(boundary.ToString(), request.Body, BufferBytes)
        {
            BodyLengthLimit = null,
            HeadersLengthLimit = 16 * 1024,
        };
        var length = new MultipartLength(request.ContentLength, boundary.ToString());
        var fields = new PostFields();
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            length.Pass(section);
            var disposition = section.GetContentDispositionHeader();
            var name = HeaderUtilities.RemoveQuotes(disposition?.Name ?? default).ToString();
            if (disposition is null || name.Length == 0)
            {
                throw FormErrors.Malformed().ToException();
            }

            // By its name alone: some clients send a filename with every field.
            if (name.Equals(FilePart, StringComparison.OrdinalIgnoreCase))
            {
                return new(fields, WithoutFolders(MultipartFilename.Of(disposition)), section.Body, length.EstimateRest());
            }

            var value = await ReadFieldAsync(section, fields.BytesLeft, cancellationToken);
            length.PassBody(value.Length);
            fields.Add(name, Encoding.UTF8.GetString(value));
        }

        throw FormErrors.MissingFile().ToException();
    }

    private static async Task<byte[]> ReadFieldAsync(MultipartSection section, int maxBytes, CancellationToken cancellationToken)
    {
        var buffer = new byte[maxBytes + 1];
        var read = await section.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return read <= maxBytes ? buffer[..read] : throw FormErrors.FieldsTooLarge().ToException();
    }

    private static string WithoutFolders(string filename) => filename[(filename.AsSpan().LastIndexOfAny('/', '\\') + 1)..];
}
