namespace MediaAspire.Core.Copies;

/// <summary>The one definition of a chunk that no file needs.</summary>
/// <remarks>Every query that requests the removal of chunks uses it. If files ever share chunks, this is the place to change.</remarks>
public static class ChunkReferences
{
    /// <summary>An SQL condition on a row <c>c</c> of <c>chunks</c>: no file that is visible or coming in refers to it.</summary>
    public const string NoneLeft =
        """
        NOT EXISTS (SELECT FROM files referrer
                    WHERE referrer.file_id = c.file_id AND referrer.upload_status NOT IN ('deleted', 'failed'))
        """;
}
