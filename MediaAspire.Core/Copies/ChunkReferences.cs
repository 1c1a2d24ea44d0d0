namespace MediaAspire.Core.Copies;

/// <summary>The one place that says when nobody needs a chunk any more.</summary>
/// <remarks>Every query that gives chunks up to removal asks this; when files share chunks, it is this that must know.</remarks>
public static class ChunkReferences
{
    /// <summary>An SQL condition on a row <c>c</c> of <c>chunks</c>: no file that is visible or coming in refers to it.</summary>
    public const string NoneLeft =
        """
        NOT EXISTS (SELECT FROM files referrer
                    WHERE referrer.file_id = c.file_id AND referrer.upload_status NOT IN ('deleted', 'failed'))
        """;
}
