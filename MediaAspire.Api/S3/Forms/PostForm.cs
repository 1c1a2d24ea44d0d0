using System.Text;
using MediaAspire.Api.Http;
using MediaAspire.Api.S3.Protocol;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.S3.Forms;

/// <summary>A form up to its file: the fields are read, the file's bytes are still to come.</summary>
/// <param name="Fields">The fields before the file; those after it are never read.</param>
/// <param name="Filename">What the client calls the file, without folders; may be empty.</param>
/// <param name="Content">The file's bytes, to be read once.</param>
/// <param name="EstimatedLength">How many they are, roughly.</param>
internal sealed record PostForm(PostFields Fields, string Filename, Stream Content, long? EstimatedLength)
{
    private const int BufferBytes = 128 * 1024;
    private const string FilePart = "file";

    /// <summary>Gets the key that the form asks for, the file's name put in.</summary>
    /// <exception cref="S3Exception">There is none.</exception>
    public string GetKey() => Fields.Require("key").Replace("${filename}", Filename, StringComparison.Ordinal) is { Length: > 0 } key
        ? key
        : throw FormErrors.EmptyKey().ToException();

    /// <summary>Reads a form up to its file.</summary>
    /// <exception cref="S3Exception">The request is no form, has no file, or more before it than may be.</exception>
    /// <exception cref="IOException">The form is cut off.</exception>
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

        var reader = new MultipartReader(boundary.ToString(), request.Body, BufferBytes) { BodyLengthLimit = null, HeadersLengthLimit = 16 * 1024 };
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

            // By its name alone: some clients give every field a file's name.
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
