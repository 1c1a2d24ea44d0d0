namespace Aspire.Hosting.ApplicationModel;

/// <summary>A node of the application graph: a name, and annotations that describe how it runs.</summary>
public interface IResource
{
    /// <summary>Gets the name, unique in the application without regard to case.</summary>
    string Name { get; }

    /// <summary>Gets the annotations, in the order in which they were added.</summary>
    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>Marks what can be attached to a resource.</summary>
public interface IResourceAnnotation;
