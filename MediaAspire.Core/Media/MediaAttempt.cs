using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media;

/// <summary>An attempt at processing an item. It alone may end the processing, until another attempt takes its place.</summary>
/// <param name="Id">The id of the attempt.</param>
/// <param name="Job">The job that makes it. A job that runs again has lost its attempt before.</param>
/// <param name="Until">The time when another job may take its place, by the database's clock.</param>
public sealed record MediaAttempt(Guid Id, JobId Job, DateTimeOffset Until);
