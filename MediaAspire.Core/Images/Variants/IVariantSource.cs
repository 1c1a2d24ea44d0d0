using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images.Variants;

/// <summary>The bytes that variants are made of. Each kind of source has its own.</summary>
public interface IVariantSource
{
    /// <summary>Determines whether a source is of this kind.</summary>
    bool Has(VariantOwner owner);

    /// <summary>Gets the limits of the content, which bound the work; <see langword="null"/> for those of uploads.</summary>
    ImageLimits? Limits { get; }

    /// <summary>Writes the bytes of a source to a new local file.</summary>
    /// <param name="owner">The source.</param>
    /// <param name="path">The file, which does not exist.</param>
    /// <param name="cancellationToken">Ends the call. The file may exist in part.</param>
    /// <returns><see langword="false"/> when the source does not exist any more.</returns>
    Task<bool> CopyToAsync(VariantOwner owner, string path, CancellationToken cancellationToken);
}
