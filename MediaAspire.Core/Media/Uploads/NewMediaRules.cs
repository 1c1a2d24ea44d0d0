using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Http.Headers;
using MediaAspire.Core.Checksums;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>The rules for new items.</summary>
public static class NewMediaRules
{
    public const string DefaultType = "main";
    public const string DefaultContentType = "application/octet-stream";

    /// <summary>The role of a video's part that is a preview of the others.</summary>
    public const string PreviewType = "preview";

    public const string TooLarge = "media-too-large";

    private const int MaxTypeLength = 50;
    private const int MaxContentTypeLength = 255;
    private const int MaxExpires = 86_400;

    /// <summary>Checks an item that a client wants to create.</summary>
    /// <param name="input">The item.</param>
    /// <param name="options">The largest sizes.</param>
    /// <param name="media">The checked item.</param>
    /// <param name="fault">The first field that breaks its rule.</param>
    public static bool TryParse(
        NewMediaInput input,
        MediaUploadOptions options,
        [NotNullWhen(true)] out NewMedia? media,
        [NotNullWhen(false)] out FieldFault? fault)
    {
        media = null;
        var kind = MediaKind.Simple;
        fault = input.Kind is null || MediaKinds.TryParse(input.Kind, out kind)
            ? CheckOptions(input)
            : FieldFault.Of("kind", $"must be one of {string.Join(", ", MediaKinds.Names)}");
        if (fault is not null || !TryDeferred(input, out var deferred, out fault))
        {
            return false;
        }

        if (!MediaFields.TryParse(input, out var fields, out fault)
            || !TryParts(input, kind, options.MaxSizeOf(kind), out var parts, out fault))
        {
            return false;
        }

        media = new NewMedia(kind, fields, parts)
        {
            IsPublic = input.Access is "public",
            IsTemporary = input.Temporary is true,
            IsUnlisted = input.Unlisted is true,
            IsMultipart = input.Multipart is true,
            AddressesFor = input.Expires is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Deferred = deferred,
        };
        return true;
    }

    private static FieldFault? CheckOptions(NewMediaInput input) => input switch
    {
        { Name: null } => FieldFault.Of("name", "is required"),
        { Access: not (null or "public" or "private") } => FieldFault.Of("access", "must be public or private"),
        { Expires: < 1 or > MaxExpires } => FieldFault.Of("expires", "must be 1 to 86,400 seconds"),
        _ => null,
    };

    private static bool TryDeferred(NewMediaInput input, out string? deferred, [NotNullWhen(false)] out FieldFault? fault)
    {
        deferred = null;
        fault = null;
        if (input.Update is not { } update)
        {
            return true;
        }

        if (input.Temporary is true || input.Unlisted is true)
        {
            fault = FieldFault.Of("update", "is not possible for temporary and unlisted items");
        }
        else if (update.References is not null)
        {
            fault = FieldFault.Of("update.references", "is not possible; send references of the item itself");
        }
        else if (!MediaFields.TryParse(update, out _, out var inner))
        {
            fault = inner with { Field = "update." + inner.Field };
        }
        else
        {
            deferred = DeferredUpdate.Format(update);
        }

        return fault is null;
    }

    private static bool TryParts(
        NewMediaInput input,
        MediaKind kind,
        long maxSize,
        out ImmutableArray<NewPart> parts,
        [NotNullWhen(false)] out FieldFault? fault)
    {
        parts = [];
        var isShort = input.ContentType is not null || input.Size is not null || input.Sha256 is not null;
        if (isShort == input.Parts is not null)
        {
            fault = FieldFault.Of("parts", "must be sent, or contentType, size and sha256 of the only part, and not both");
            return false;
        }

        IReadOnlyList<NewPartInput?> sent = input.Parts
            ?? [new NewPartInput { ContentType = input.ContentType, Size = input.Size, Sha256 = input.Sha256 }];
        var (min, max) = MediaKinds.PartsOf(kind);
        if (sent.Count < min || sent.Count > max)
        {
            fault = FieldFault.Of("parts", string.Create(
                CultureInfo.InvariantCulture,
                $"must be {(min == max ? $"{min}" : $"{min} to {max}")} for the kind {MediaKinds.NameOf(kind)}, not {sent.Count}"));
            return false;
        }

        var parsed = ImmutableArray.CreateBuilder<NewPart>(sent.Count);
        for (var index = 0; index < sent.Count; index++)
        {
            if (!TryPart(sent[index], isShort ? "" : $"parts[{index}].", maxSize, out var part, out fault))
            {
                return false;
            }

            parsed.Add(part);
        }

        parts = parsed.MoveToImmutable();
        fault = kind == MediaKind.Video ? CheckVideo(parts) : null;
        return fault is null;
    }

    private static bool TryPart(
        NewPartInput? input,
        string path,
        long maxSize,
        [NotNullWhen(true)] out NewPart? part,
        [NotNullWhen(false)] out FieldFault? fault)
    {
        part = null;
        fault = null;
        var type = input?.Type ?? DefaultType;
        if (!MediaText.IsValid(type, 1, MaxTypeLength))
        {
            fault = FieldFault.Of(path + "type", $"must have 1 to {MaxTypeLength} characters, without control characters");
        }
        else if (input?.Size is not { } size || size < 0)
        {
            fault = FieldFault.Of(path + "size", "must be the number of bytes");
        }
        else if (size > maxSize)
        {
            fault = new FieldFault(TooLarge, path + "size", string.Create(
                CultureInfo.InvariantCulture, $"is {size}, and a part of this kind may have at most {maxSize} bytes"));
        }
        else if (!Sha256Digest.TryParseHex(input.Sha256, out var sha256))
        {
            fault = FieldFault.Of(path + "sha256", "must be the SHA-256 of the bytes, 64 hexadecimal digits");
        }
        else if (!TryContentType(input.ContentType ?? DefaultContentType, out var contentType))
        {
            fault = FieldFault.Of(path + "contentType", $"must be a media type of at most {MaxContentTypeLength} characters");
        }
        else
        {
            part = new NewPart(type, contentType, size, sha256);
        }

        return part is not null;
    }

    // Clients send a signed header exactly as it is signed, so it gets the form that libraries would give it.
    private static bool TryContentType(string text, [NotNullWhen(true)] out string? contentType)
    {
        contentType = text.Length <= MaxContentTypeLength && Ascii(text) && MediaTypeHeaderValue.TryParse(text, out var parsed)
            ? parsed.ToString()
            : null;
        return contentType is { Length: <= MaxContentTypeLength };
    }

    private static bool Ascii(string text) => text.All(character => character is >= ' ' and <= '~');

    private static FieldFault? CheckVideo(ImmutableArray<NewPart> parts)
    {
        var previews = parts.Count(part => part.Type == PreviewType);
        return previews <= 1 && parts.Length - previews is >= 1 and <= 10
            ? null
            : FieldFault.Of("parts", $"must be 1 to 10 videos and at most one part of the type {PreviewType}");
    }
}
