using MediaAspire.Core.Ids;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images.Variants;

/// <summary>A variant that is made.</summary>
/// <param name="Id">The variant's id.</param>
/// <param name="Blob">Its bytes.</param>
/// <param name="CreatedAt">The time when it was made.</param>
/// <param name="UnreadFor">The time since the last recorded read.</param>
public sealed record StoredVariant(Guid Id, ImageBlob Blob, DateTimeOffset CreatedAt, TimeSpan UnreadFor);

/// <summary>A source and a variant of it, as they were found at one moment.</summary>
/// <param name="Owner">The source.</param>
/// <param name="Variant">The variant; <see langword="null"/> while it is not made.</param>
/// <param name="Failure">The remembered reason why it could not be made.</param>
public sealed record FoundVariant(VariantOwner Owner, StoredVariant? Variant, ImageFailure? Failure);

/// <summary>An image that was found by an alias, and a variant of it.</summary>
/// <param name="Owner">The owner of the alias; <see langword="null"/> for none.</param>
/// <param name="UnreadFor">The time since the last recorded read of an alias that is removed when nobody reads it.</param>
/// <param name="Details">The details of the image.</param>
/// <param name="Found">The image and the variant.</param>
public sealed record AliasedVariant(OwnerId? Owner, TimeSpan? UnreadFor, ImageDetails Details, FoundVariant Found);
