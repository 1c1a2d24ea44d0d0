namespace MediaAspire.Core.ApiKeys;

/// <summary>The permissions that a key grants. A scope that covers others includes their bits and one of its own.</summary>
[Flags]
public enum ApiScopes
{
    None = 0,

    /// <summary>Reads files.</summary>
    FilesRead = 1 << 0,

    /// <summary>Stores and deletes files.</summary>
    FilesWrite = 1 << 1,

    /// <summary>Reads metrics.</summary>
    Metrics = 1 << 2,

    /// <summary>Uses the routes for operators. It does not include the data of users.</summary>
    Admin = 1 << 3,

    /// <summary>Reads media.</summary>
    MediaRead = 1 << 6,

    /// <summary>Reports uploads of media that the object store has received.</summary>
    MediaEvents = 1 << 7,

    /// <summary>Creates, changes and removes media.</summary>
    MediaWrite = (1 << 8) | MediaEvents,

    /// <summary>Reads images and their variants.</summary>
    ImagesRead = 1 << 9,

    /// <summary>Stores and deletes images.</summary>
    ImagesWrite = 1 << 10,

    /// <summary>Reads the data of every area, also of areas that a later version adds.</summary>
    Read = (1 << 4) | FilesRead | MediaRead | ImagesRead,

    /// <summary>Writes the data of every area, also of areas that a later version adds.</summary>
    Write = (1 << 5) | FilesWrite | MediaWrite | ImagesWrite,

    All = Read | Write | Metrics | Admin,
}
