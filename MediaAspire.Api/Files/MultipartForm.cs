using MediaAspire.Api.Http;
using MediaAspire.Api.Ownership;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Files;

/// <summary>A form that is being received. Owns the upload of its file until the form is disposed.</summary>
internal sealed class MultipartForm : IAsyncDisposable
{
    private const int BufferBytes = 128 * 1024;
    private const int MaxFieldBytes = 1024;
    private const string FilePart = "file";
    private const string HashField = "sha256";

    private readonly HttpRequest _request;
    private readonly SelectedOwner _owner;
    private readonly FileStore _store;
    private readonly FileOptions _options;
    private readonly DigestingStream? _digesting;
    private readonly MultipartReader _reader;
    private readonly MultipartLength _length;
    private readonly List<Sha256Digest> _declared = [];

    public MultipartForm(HttpRequest request, string boundary, SelectedOwner owner, FileStore store, FileOptions options)
    {
        _request = request;
        _owner = owner;
        _store = store;
        _options = options;
        _digesting = request.Headers.ContainsKey(DeclaredDigests.ContentDigestHeader) ? new DigestingStream(request.Body) : null;
        _reader = new MultipartReader(boundary, _digesting ?? request.Body, BufferBytes)
        {
            BodyLengthLimit = null,
            HeadersLengthLimit = 16 * 1024,
        };
        _length = new MultipartLength(request.ContentLength, boundary);
    }

    /// <summary>Gets the file, written but not committed; set when <see cref="ReadAsync"/> has returned no problem.</summary>
    public FileUpload? Upload { get; private set; }

    /// <summary>Gets the hashes that the form declares for its file.</summary>
    public IReadOnlyList<Sha256Digest> Declared => _declared;

    /// <summary>Reads the form to its end.</summary>
    /// <returns>The problem with it; <see langword="null"/> for none.</returns>
    /// <exception cref="IOException">The form is truncated.</exception>
    /// <exception cref="InvalidDataException">The form is malformed.</exception>
    public async Task<ProblemHttpResult?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await _reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (await ReadSectionAsync(section, cancellationToken) is { } problem)
            {
                return problem;
            }
        }

        return Upload is null ? FileErrors.MissingFilePart() : await CheckWholeBodyAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _digesting?.Dispose();
        return Upload?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private async Task<ProblemHttpResult?> ReadSectionAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        _length.Pass(section);
        var disposition = section.GetContentDispositionHeader();
        var name = HeaderUtilities.RemoveQuotes(disposition?.Name ?? default).ToString();

        if (name == FilePart && disposition is not null && disposition.IsFileDisposition())
        {
            return Upload is null ? await ReadFileAsync(section, disposition, cancellationToken) : FileErrors.RepeatedFilePart();
        }

        if (await ReadFieldAsync(section, cancellationToken) is not { } value)
        {
            return FileErrors.MalformedMultipart($"the field \"{name}\" is longer than {MaxFieldBytes} bytes.");
        }

        _length.PassBody(value.Length);
        if (name != HashField)
        {
            return null;
        }

        if (!DeclaredDigests.TryParse(value.Trim(), out var digest))
        {
            return FileErrors.InvalidChecksum($"The field {HashField}", value);
        }

        _declared.Add(digest);
        return null;
    }

    private async Task<ProblemHttpResult?> ReadFileAsync(
        MultipartSection section, ContentDispositionHeaderValue disposition, CancellationToken cancellationToken)
    {
        var filename = MultipartFilename.Of(disposition);
        if (Filename.Check(filename, _options.MaxFilenameBytes) is { } reason)
        {
            return FileErrors.InvalidFilename(reason);
        }

        if (!ContentTypes.TryNormalize(section.ContentType, "application/octet-stream", out var contentType))
        {
            return FileErrors.InvalidContentType(section.ContentType!);
        }

        var file = new NewFile(filename, contentType) { EstimatedLength = _length.EstimateRest(), Owner = _owner.Owner };
        Upload = await _store.ReceiveAsync(file, section.Body, _owner.MaxBytes, cancellationToken);
        return null;
    }

    /// <summary>Checks the request's own <c>Content-Digest</c>, which covers every byte of the form.</summary>
    private async Task<ProblemHttpResult?> CheckWholeBodyAsync(CancellationToken cancellationToken)
    {
        if (_digesting is null)
        {
            return null;
        }

        await _digesting.CopyToAsync(Stream.Null, cancellationToken);
        var header = _request.Headers[DeclaredDigests.ContentDigestHeader];
        var declared = new List<Sha256Digest>();
        if (!DeclaredDigests.TryReadContentDigest(header, declared))
        {
            return FileErrors.InvalidChecksum(DeclaredDigests.ContentDigestHeader, header.ToString());
        }

        var actual = _digesting.TakeDigest();
        return declared.Find(digest => !digest.Equals(actual)) is { } wrong ? FileErrors.ChecksumMismatch(wrong, actual) : null;
    }

    private static async Task<string?> ReadFieldAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxFieldBytes + 1];
        var read = await section.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return read <= MaxFieldBytes ? System.Text.Encoding.UTF8.GetString(buffer, 0, read) : null;
    }
}
